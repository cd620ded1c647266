import { tls as kind, type TlsSpec } from '../../core/actions/kinds/tls.ts';
import { doneWith, plainPreview } from '../checks/result.ts';
import { checkTls } from '../checks/tls.ts';
import type { StructuredKind } from './structured.ts';

export const tls: StructuredKind<TlsSpec> = {
  kind,
  async preview({ spec }) {
    return plainPreview(kind.describe({ ...spec }));
  },
  async act(context) {
    return doneWith(context, await checkTls(context, context.spec));
  },
};
