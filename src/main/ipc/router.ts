import { MusterError, type Problem, toProblem } from '../../core/problem.ts';
import {
  type Reply,
  type RequestIn,
  type RequestName,
  type RequestOut,
  requests,
} from '../../shared/ipc.ts';
import type { Log } from '../log.ts';

/** A request without an answer may be handled by any function; what it returns is not sent. */
type Handler<N extends RequestName> =
  RequestOut<N> extends undefined
    ? (payload: RequestIn<N>) => void
    : (payload: RequestIn<N>) => RequestOut<N> | Promise<RequestOut<N>>;

/** One handler for every request of the contract; the types see to it that none is missing. */
export type Handlers = { readonly [N in RequestName]: Handler<N> };

/** The handlers of one feature. */
export type HandlersOf<N extends RequestName> = Pick<Handlers, N>;

export type Router = (name: unknown, payload: unknown) => Promise<Reply>;

/**
 * Parses each request with its schema, asks its handler, and answers with the value or the problem.
 * `hide` takes secrets out of what a problem says: it may repeat the answer of a server.
 */
export function createRouter(
  handlers: Handlers,
  log: Log,
  hide: (problem: Problem) => Problem,
): Router {
  return async (name, payload) => {
    if (!isRequestName(name)) return failed(badRequest('a request that does not exist', null));
    const parsed = requests[name].in.safeParse(payload);
    if (!parsed.success) return failed(badRequest(`"${name}"`, parsed.error.message));
    try {
      // The schema and the handler belong to the same name, which a union of names cannot show.
      const handler = handlers[name] as (payload: unknown) => unknown;
      return { ok: true, value: await handler(parsed.data) };
    } catch (error) {
      return failed(hide(told(name, error, log)));
    }
  };
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(requests, name);
}

function failed(problem: Problem): Reply {
  return { ok: false, problem };
}

/** The problem for the window. Of an unexpected fault only the log gets the stack. */
function told(name: RequestName, error: unknown, log: Log): Problem {
  if (error instanceof MusterError) return error.problem;
  log.fault(`The request ${name} met a fault.`, error);
  const { detail: _stack, ...problem } = toProblem(error);
  return problem;
}

function badRequest(what: string, detail: string | null): Problem {
  return {
    code: 'bad-request',
    what: `The window sent ${what} in a form that Muster does not know.`,
    safe: 'Nothing was done.',
    next: 'Restart Muster. If it happens again, report it with the detail.',
    ...(detail === null ? {} : { detail }),
  };
}
