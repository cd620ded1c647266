import { MusterError, type Problem } from '../core/problem.ts';
import { firstPushes, firstRequests, replySchema } from '../shared/first-screen.ts';
import type {
  PushName,
  PushPayload,
  pushes,
  RequestIn,
  RequestName,
  RequestOut,
  requests,
} from '../shared/ipc.ts';

/** Requests without a payload are asked by name alone. */
type Payload<N extends RequestName> = RequestIn<N> extends undefined ? [] : [payload: RequestIn<N>];

let rest: Promise<{ requests: typeof requests; pushes: typeof pushes }> | null = null;

/** What the first screen does not speak is loaded with the first word of it. */
function contract(): NonNullable<typeof rest> {
  rest ??= import('../shared/ipc.ts');
  return rest;
}

function isOf<T extends object>(name: PropertyKey, some: T): name is keyof T {
  return Object.hasOwn(some, name);
}

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
  const { out } = isOf(name, firstRequests)
    ? firstRequests[name]
    : (await contract()).requests[name];
  const value = out.safeParse(reply.data.value);
  if (!value.success) throw new MusterError(malformed(name, value.error.message));
  return value.data as RequestOut<N>;
}

/**
 * Follows a push of the main process. Returns the function that ends it. What is no part of the
 * first screen comes in its own order, and may come after what is.
 */
export function listen<N extends PushName>(
  name: N,
  listener: (payload: PushPayload<N>) => void,
): () => void {
  let isEnded = false;
  const take = (raw: unknown, schema: (typeof pushes)[PushName]) => {
    const payload = schema.safeParse(raw);
    if (payload.success && !isEnded) listener(payload.data as PushPayload<N>);
  };
  const end = window.muster.listen(name, (raw) => {
    if (isOf(name, firstPushes)) take(raw, firstPushes[name]);
    else void contract().then((all) => take(raw, all.pushes[name]));
  });
  return () => {
    isEnded = true;
    end();
  };
}

/** Where a file that was dropped on the window lives on disk. */
export function pathOfDropped(file: File): string {
  return window.muster.pathOfDropped(file);
}
