import { tcp as kind, type TcpSpec } from '../../core/actions/kinds/tcp.ts';
import { doneWith, plainPreview } from '../checks/result.ts';
import { checkTcp } from '../checks/tcp.ts';
import type { StructuredKind } from './structured.ts';

export const tcp: StructuredKind<TcpSpec> = {
  kind,
  async preview({ spec }) {
    return plainPreview(kind.describe({ ...spec }));
  },
  async act(context) {
    return doneWith(context, await checkTcp(context, context.spec));
  },
};
