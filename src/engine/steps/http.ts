import { type HttpSpec, http as kind } from '../../core/actions/kinds/http.ts';
import { checkHttp } from '../checks/http.ts';
import { doneWith, plainPreview } from '../checks/result.ts';
import type { StructuredKind } from './structured.ts';

export const http: StructuredKind<HttpSpec> = {
  kind,
  async preview({ spec }) {
    // Secrets stand as references here, which is what may be shown.
    const { method, url, headers, body } = spec;
    const payload = body === undefined ? {} : { body };
    const detail = JSON.stringify({ method, url, headers, ...payload }, null, 2);
    return plainPreview(kind.describe({ ...spec }), detail);
  },
  async act(context) {
    return doneWith(context, await checkHttp(context, context.spec));
  },
};
