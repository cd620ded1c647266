import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import {
  type ApiRefusal,
  type Errand,
  isStatus,
  noAnswer,
  refusal,
  unexpectedAnswer,
} from './problems.ts';
import type { Session } from './session.ts';
import { asFailure, send, textOf, type WireAnswer, WireFailure, type WireRequest } from './wire.ts';

/** How long the answer to a request may take to begin, in ms. */
const ANSWER_MS = 30_000;
/** How long an answer may pause, in ms. */
const IDLE_MS = 30_000;
/** However little time is left, an answer is given so long, in ms. */
const SHORTEST_MS = 1_000;
/** How long a read is tried again where nothing else is said, in ms. */
const PATIENCE_MS = 120_000;
/** Between tries: doubled from the first to the last, in ms. */
const FIRST_PAUSE_MS = 200;
const LAST_PAUSE_MS = 5_000;

export interface ReadOptions<T> {
  /** What is being done, for problems, after "could not": `read pods in shop`. */
  doing: string;
  schema: z.ZodType<T>;
  signal?: AbortSignal;
  query?: Query;
  /** How long it is tried again after failures that may pass, in ms. */
  patienceMs?: number;
  /** False where "too many requests" has a meaning of its own, such as a disruption budget. */
  retriesBusy?: boolean;
  /** When that must be over at the latest, in milliseconds since 1970. */
  until?: number;
  /** How long one answer may take to begin, in ms. */
  answerMs?: number;
  /** Told of each failure that is waited out, in words. */
  onRetry?: (why: string) => void;
}

export interface ChangeOptions<T> extends ReadOptions<T> {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  contentType?: string;
  /**
   * Called where the answer was lost: looks whether the change was made. Its result, where there is
   * one, stands for the answer; null means that it was not made, so it is sent again.
   */
  lookUp: () => Promise<T | null>;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** The REST interface of one cluster, with parsed answers, patience with reads and typed problems. */
export class KubernetesClient {
  readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** GET. Failures that may pass are waited out within the patience. Throws MusterError. */
  async read<T>(path: string, options: ReadOptions<T>): Promise<T> {
    const errand = this.#errand('GET', path, options.doing);
    return this.#patiently(errand, options, async () => {
      const asked = this.#asked('GET', path, options);
      return parsed(errand, options.schema, await this.#json(errand, asked));
    });
  }

  /** One change. Where its answer is lost it is looked up before it is repeated. Throws MusterError. */
  async change<T>(path: string, options: ChangeOptions<T>): Promise<T> {
    const errand = this.#errand(options.method, path, options.doing);
    const content = options.body !== undefined && {
      body: JSON.stringify(options.body),
      headers: { 'content-type': options.contentType ?? 'application/json' },
    };
    let isUnsure = false;
    return this.#patiently(errand, options, async () => {
      if (isUnsure) {
        const found = await options.lookUp();
        if (found !== null) return found;
        isUnsure = false;
      }
      try {
        const asked = { ...this.#asked(options.method, path, options), ...content };
        return parsed(errand, options.schema, await this.#json(errand, asked));
      } catch (error) {
        isUnsure = mayHaveBeenMade(error);
        throw error;
      }
    });
  }

  /** GET of a body that is read as it comes, such as logs or a watch. Throws MusterError. */
  async open(
    path: string,
    options: {
      doing: string;
      query?: Query;
      signal?: AbortSignal;
      idleMs: number;
      answerMs?: number;
      patienceMs?: number;
      until?: number;
      onRetry?: (why: string) => void;
    },
  ): Promise<WireAnswer> {
    const errand = this.#errand('GET', path, options.doing);
    return this.#patiently(errand, options, () => {
      const asked = { ...this.#asked('GET', path, options), idleMs: options.idleMs };
      return this.#answer(errand, asked);
    });
  }

  #errand(method: string, path: string, doing: string): Errand {
    return { doing, method, path, changes: method !== 'GET', server: this.session.server.origin };
  }

  #asked(
    method: WireRequest['method'],
    path: string,
    options: { query?: Query; signal?: AbortSignal; answerMs?: number; until?: number },
  ): WireRequest {
    const left = (options.until ?? Number.POSITIVE_INFINITY) - Date.now();
    return {
      method,
      path: withQuery(path, options.query),
      answerMs: Math.max(SHORTEST_MS, Math.min(options.answerMs ?? ANSWER_MS, left)),
      idleMs: IDLE_MS,
      ...(options.signal && { signal: options.signal }),
    };
  }

  async #json(errand: Errand, asked: WireRequest): Promise<unknown> {
    const { body } = await this.#answer(errand, asked);
    const text = await textOf(body, asked.signal);
    try {
      return JSON.parse(text);
    } catch {
      throw asFailure(new Error('the answer is no JSON'), true);
    }
  }

  async #answer(errand: Errand, asked: WireRequest): Promise<WireAnswer> {
    let answer = await send(this.session, asked);
    if (answer.status === 401 && this.session.renew()) {
      answer.body.resume();
      answer = await send(this.session, asked);
    }
    if (answer.status < 400) return answer;
    throw refusal(errand, answer.status, await textOf(answer.body, asked.signal));
  }

  /** Tries until it works, fails for good, or the patience is over. */
  async #patiently<T>(
    errand: Errand,
    options: Pick<ReadOptions<T>, 'signal' | 'patienceMs' | 'until' | 'onRetry' | 'retriesBusy'>,
    attempt: () => Promise<T>,
  ): Promise<T> {
    const { signal } = options;
    const until = Math.min(
      options.until ?? Number.POSITIVE_INFINITY,
      Date.now() + (options.patienceMs ?? PATIENCE_MS),
    );
    let wait = FIRST_PAUSE_MS;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        signal?.throwIfAborted();
        const problem = error instanceof WireFailure ? noAnswer(errand, error) : error;
        const isFinal = !mayPass(error) || (options.retriesBusy === false && isStatus(error, 429));
        if (isFinal || Date.now() + wait > until) throw problem;
        options.onRetry?.(problem instanceof Error ? problem.message : String(problem));
        await pause(Math.max(wait, retryAfter(error)), undefined, signal && { signal }).catch(() =>
          signal?.throwIfAborted(),
        );
        wait = Math.min(wait * 2, LAST_PAUSE_MS);
      }
    }
  }
}

function parsed<T>(errand: Errand, schema: z.ZodType<T>, answer: unknown): T {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw unexpectedAnswer(errand, `${issue?.path.join('.')}: ${issue?.message}`);
}

export function withQuery(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(key)}=${encodeURIComponent(value)}`],
  );
  return pairs.length === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}${pairs.join('&')}`;
}

function mayHaveBeenMade(error: unknown): boolean {
  if (error instanceof WireFailure) return error.mayHaveArrived;
  return isStatus(error, 500, 502, 503, 504);
}

/** Whether the same request may work in a moment. */
function mayPass(error: unknown): boolean {
  if (error instanceof WireFailure) return error.kind !== 'tls';
  if (isStatus(error, 429)) return true;
  // 500 is also what an admission webhook that cannot be called is answered with, and an object
  // that an old server cannot read: those stay.
  if (isStatus(error, 500)) {
    const { reason, details } = error.said;
    const saysLater = reason === 'ServerTimeout' || details?.retryAfterSeconds !== undefined;
    return saysLater || isStore(error.message) || isAwayNode(error);
  }
  // A namespace that was just made gets its account a moment later.
  if (isStatus(error, 403)) return /serviceaccount "default" not found/.test(error.message);
  return isStatus(error, 502, 503, 504);
}

/** What the API server says while its own store is away. */
function isStore(message: string): boolean {
  return /etcdserver|context deadline exceeded|connection refused|leader changed/.test(message);
}

/** A node whose kubelet is just ending or starting; one that is not trusted stays so. */
function isAwayNode({ problem, message }: ApiRefusal): boolean {
  const isAway = /connection re(?:fused|set)|time ?out|no route to host|\bEOF\b/i.test(message);
  return problem.code === 'kubernetes-node-unreachable' && isAway;
}

/** In ms. */
function retryAfter(error: unknown): number {
  const seconds = isStatus(error, 429, 500, 503) ? (error.said.details?.retryAfterSeconds ?? 0) : 0;
  return Math.min(seconds, 10) * 1000;
}
