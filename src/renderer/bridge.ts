import { MusterError, type Problem } from '../core/problem.ts';
import {
  type PushName,
  type PushPayload,
  pushes,
  type RequestIn,
  type RequestName,
  type RequestOut,
  replySchema,
  requests,
} from '../shared/ipc.ts';

/** Requests without a payload are asked by name alone. */
type Payload<N extends RequestName> = RequestIn<N> extends undefined ? [] : [payload: RequestIn<N>];

function malformed(name: string, detail: string): Problem {
  return {
    code: 'reply-malformed',
    what: `The window and the main process disagree about "${name}".`,
    safe: 'Nothing was changed by this, and the ledger is not touched.',
    next: 'Restart Muster. If it stays, reinstall this version and report the detail below.',
    detail,
  };
}

/** Asks the main process. Throws a MusterError whose problem is ready to be shown. */
export async function ask<N extends RequestName>(
  name: N,
  ...[payload]: Payload<N>
): Promise<RequestOut<N>> {
  const reply = replySchema.safeParse(await window.muster.request(name, payload));
  if (!reply.success) throw new MusterError(malformed(name, reply.error.message));
  if (!reply.data.ok) throw new MusterError(reply.data.problem);
  const value = requests[name].out.safeParse(reply.data.value);
  if (!value.success) throw new MusterError(malformed(name, value.error.message));
  return value.data as RequestOut<N>;
}

/** Follows a push of the main process. Returns the function that ends it. */
export function listen<N extends PushName>(
  name: N,
  listener: (payload: PushPayload<N>) => void,
): () => void {
  return window.muster.listen(name, (raw) => {
    const payload = pushes[name].safeParse(raw);
    if (payload.success) listener(payload.data as PushPayload<N>);
  });
}

/** Where a file that was dropped on the window lives on disk. */
export function pathOfDropped(file: File): string {
  return window.muster.pathOfDropped(file);
}
