import { z } from 'zod';
import { MusterError, type Problem } from '../../../core/problem.ts';
import type { WireFailure } from './wire.ts';

/** What was asked of a cluster, in words for its problems. */
export interface Errand {
  /** After "Muster could not": `scale deployment/orders in shop`. */
  doing: string;
  /** A change may have happened although no answer came. */
  changes: boolean;
  /** The cluster's address. */
  server: string;
  method: string;
  path: string;
}

/** The part of a Kubernetes `Status` that is read. */
const statusSchema = z.object({
  message: z.string().optional(),
  reason: z.string().optional(),
  code: z.number().optional(),
  details: z
    .object({
      name: z.string().optional(),
      kind: z.string().optional(),
      retryAfterSeconds: z.number().optional(),
      causes: z
        .array(
          z.object({
            reason: z.string().optional(),
            message: z.string().optional(),
            field: z.string().optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});
export type ApiStatus = z.output<typeof statusSchema>;

/** An answer of the API server that says no. */
export class ApiRefusal extends MusterError {
  readonly status: number;
  readonly said: ApiStatus;

  constructor(status: number, said: ApiStatus, problem: Problem) {
    super(problem);
    this.name = 'ApiRefusal';
    this.status = status;
    this.said = said;
  }
}

const UNTOUCHED = 'Nothing was changed by this request.';

/** What an API server says when the kubelet that it hands a request on to is not there. */
const BEHIND = /^error dialing backend|^Get "https:[^"]*\/containerLogs\//;

/** The refusal behind an answer with a status of 400 or more. */
export function refusal(errand: Errand, status: number, body: string): ApiRefusal {
  const said = readStatus(body);
  return new ApiRefusal(status, said, { ...words(errand, status, said), detail: shorten(body) });
}

export function isStatus(thrown: unknown, ...statuses: number[]): thrown is ApiRefusal {
  return thrown instanceof ApiRefusal && statuses.includes(thrown.status);
}

function words(errand: Errand, status: number, said: ApiStatus): Problem {
  const { doing, server } = errand;
  const could = `Muster could not ${doing}`;
  const message = (said.message ?? `the server answered ${status}`).replace(/\.$/, '');
  // Old servers answer 500 to an object that does not fit its schema.
  switch (/^failed to create typed/.test(message) ? 422 : status) {
    case 401:
      return {
        code: 'kubernetes-unauthorized',
        what: `${could}: the cluster at ${server} does not accept the credential any more.`,
        safe: UNTOUCHED,
        next: 'Sign in again or put a valid token into the kubeconfig, then retry.',
      };
    case 403:
      return {
        code: 'kubernetes-forbidden',
        what: `${could}: ${forbidden(errand, message)}.`,
        safe: UNTOUCHED,
        next: 'Ask for a role with this permission, or choose a context that has it, then retry.',
      };
    case 404:
      return {
        code: 'kubernetes-not-found',
        what: `${could}: ${message}.`,
        safe: UNTOUCHED,
        next: 'Check the name and the namespace, then retry.',
      };
    case 409:
      return {
        code: said.reason === 'AlreadyExists' ? 'kubernetes-exists' : 'kubernetes-conflict',
        what: `${could}: ${message}.`,
        safe: UNTOUCHED,
        next:
          said.reason === 'AlreadyExists'
            ? 'Choose another name, or delete the one that is there.'
            : 'See who else changes it. Retry to work on its newest state.',
      };
    case 400:
    case 422:
      return {
        code: 'kubernetes-invalid',
        what: `${could}: ${message}.`,
        safe: UNTOUCHED,
        next: 'Correct what the cluster names, then retry.',
      };
    case 429:
      return {
        code: 'kubernetes-busy',
        what: `${could}: ${message}.`,
        safe: UNTOUCHED,
        next: 'Wait until the cluster has less to do, then retry.',
      };
    default:
      if (BEHIND.test(message)) {
        return {
          code: 'kubernetes-node-unreachable',
          what: `${could}: the API server does not reach the node (${message}).`,
          safe: UNTOUCHED,
          next: 'Look whether the node is Ready. Retry when it is back, or when its pods run elsewhere.',
        };
      }
      return {
        code: 'kubernetes-server-error',
        what: `${could}: ${message} (status ${status}).`,
        safe: errand.changes
          ? 'The change may have been made. Muster looks before it repeats one.'
          : UNTOUCHED,
        next: "Look at the cluster's control plane, then retry.",
      };
  }
}

/** A webhook's or a policy's refusal comes as 403 or 400 too, and its words matter most. */
function forbidden(errand: Errand, message: string): string {
  if (/admission webhook|denied the request|exceeded quota|violates PodSecurity/.test(message)) {
    return `its admission control refused it: ${message}`;
  }
  const read = /User "([^"]*)" cannot (\S+) resource "([^"]*)"(?:.*namespace "([^"]*)")?/.exec(
    message,
  );
  if (!read) return message;
  const [, user, verb, resource, namespace] = read;
  const where = namespace === undefined ? '' : ` in the namespace ${namespace}`;
  return `the account ${user} may not ${verb} ${resource}${where} (${errand.method} ${errand.path.split('?')[0]})`;
}

/** The problem of a request that got no answer. */
export function noAnswer(errand: Errand, failure: WireFailure): MusterError {
  const { doing, server, changes } = errand;
  const how = {
    refused: ['kubernetes-unreachable', `the API server at ${server} cannot be reached`],
    silent: ['kubernetes-silent', `the API server at ${server} accepts and does not answer`],
    broken: ['kubernetes-broken-off', `the connection to ${server} broke`],
    tls: ['kubernetes-tls', `the certificates of ${server} and of the kubeconfig do not fit`],
  }[failure.kind];
  return new MusterError({
    code: how[0] ?? 'kubernetes-unreachable',
    what: `Muster could not ${doing}: ${how[1]} (${failure.message}).`,
    safe:
      changes && failure.mayHaveArrived
        ? 'The request may have arrived. Muster looks at the object before it repeats a change.'
        : UNTOUCHED,
    next:
      failure.kind === 'tls'
        ? 'Check that the address is the right cluster, then mend the certificates.'
        : 'Check the network, the VPN and the control plane, then retry.',
  });
}

/** The problem of an answer that is not what the API promises, such as a proxy's sign-in page. */
export function unexpectedAnswer(errand: Errand, why: string): MusterError {
  return new MusterError({
    code: 'kubernetes-answer-unexpected',
    what: `Muster could not ${errand.doing}: the answer of ${errand.server} is not what the Kubernetes API promises (${why}).`,
    safe: errand.changes ? 'The change may have been made.' : UNTOUCHED,
    next: 'Check that the address is an API server and not a proxy or a sign-in page.',
  });
}

function readStatus(body: string): ApiStatus {
  try {
    return statusSchema.parse(JSON.parse(body));
  } catch {
    const text = body.trim();
    return text === '' ? {} : { message: shorten(text) };
  }
}

function shorten(text: string): string {
  return text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text;
}
