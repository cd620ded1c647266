import { isIP } from 'node:net';
import { resolve } from 'node:path';
import {
  checkServerIdentity,
  connect,
  type DetailedPeerCertificate,
  type TLSSocket,
} from 'node:tls';
import type { TlsSpec } from '../../core/actions/kinds/tls.ts';
import { type Verdict, worst } from '../../core/checks/verdict.ts';
import { formatDuration, parseDuration } from '../../core/units.ts';
import { dial } from './dial.ts';
import { reasonOf } from './exchange.ts';
import { readCertificates } from './http.ts';
import { type CheckContext, type CheckResult, jsonEvidence, withinMs } from './result.ts';

const DAY_MS = 86_400_000;
/** A chain longer than this is cut in the evidence. */
const MOST_CHAIN = 10;

interface Seen {
  certificate: DetailedPeerCertificate;
  /** Why the chain is not trusted, or null. */
  distrust: string | null;
  protocol: string | null;
}

/** Looks at a server's certificate: whose it is, who vouches for it and how long it holds. */
export async function checkTls(context: CheckContext, spec: TlsSpec): Promise<CheckResult> {
  const { signal, cwd } = context;
  const ca = spec.ca === undefined ? undefined : readCertificates(resolve(cwd, spec.ca));
  const began = performance.now();
  try {
    const seen = await shakeHands(spec, ca, signal);
    return judge(spec, seen, performance.now() - began);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return {
      verdict: 'unhealthy',
      summary: `${spec.host}:${spec.port}: ${reasonOf(error)}.`,
      responseMs: null,
      values: {},
      evidence: [],
    };
  }
}

function shakeHands(spec: TlsSpec, ca: Buffer | undefined, signal: AbortSignal): Promise<Seen> {
  const name = spec.name ?? spec.host;
  return dial<TLSSocket, Seen>(
    () =>
      connect({
        host: spec.host,
        port: spec.port,
        ...(isIP(name) === 0 ? { servername: name } : {}),
        ...(ca === undefined ? {} : { ca }),
        // A bad certificate is what the check is for: it is judged, and nothing is sent.
        rejectUnauthorized: false,
      }),
    { withinMs: withinMs(spec.within), signal },
    (socket, { succeed, fail }) => {
      socket.once('end', () => fail(new Error('it hung up')));
      socket.once('secureConnect', () =>
        succeed({
          certificate: socket.getPeerCertificate(true),
          distrust: socket.authorized ? null : wordsOf(socket.authorizationError),
          protocol: socket.getProtocol(),
        }),
      );
    },
  );
}

/** Node says a code here where it throws an error elsewhere. */
function wordsOf(error: unknown): string {
  return reasonOf(Object.assign(new Error(String(error)), { code: String(error) }));
}

function judge(spec: TlsSpec, seen: Seen, responseMs: number): CheckResult {
  const { certificate, distrust, protocol } = seen;
  const name = spec.name ?? spec.host;
  const expires = new Date(certificate.valid_to);
  const left = expires.getTime() - Date.now();
  const days = Math.floor(left / DAY_MS);
  const faults: string[] = [];
  const verdicts: Verdict[] = [];
  const find = (verdict: Verdict, fault: string): void => {
    verdicts.push(verdict);
    faults.push(fault);
  };
  const misnamed = checkServerIdentity(name, certificate);
  if (left <= 0) find('unhealthy', `it expired on ${expires.toISOString().slice(0, 10)}`);
  else if (left < (parseDuration(spec.critical) ?? 0))
    find('unhealthy', `it holds ${formatDuration(left)} more`);
  else if (left < (parseDuration(spec.warning) ?? 0))
    find('degraded', `it holds ${formatDuration(left)} more`);
  if (misnamed) find('unhealthy', `it is not for ${name}`);
  if (distrust !== null && left > 0) find('unhealthy', distrust);
  const subject = first(certificate.subject?.CN);
  const issuer = first(certificate.issuer?.CN);
  return {
    verdict: worst(verdicts),
    summary:
      faults.length === 0
        ? `The certificate of ${name} holds ${days} days more.`
        : `The certificate of ${name}: ${faults.join('; ')}.`,
    responseMs,
    values: { days, expires: expires.toISOString(), subject, issuer },
    evidence: [
      jsonEvidence('certificate', {
        names: certificate.subjectaltname ?? null,
        protocol,
        chain: chainOf(certificate),
      }),
    ],
  };
}

/** The certificates from the server's own to the last that is known. */
function chainOf(certificate: DetailedPeerCertificate): object[] {
  const chain: object[] = [];
  const seen = new Set<string>();
  let here: DetailedPeerCertificate | undefined = certificate;
  while (here && !seen.has(here.fingerprint256) && chain.length < MOST_CHAIN) {
    seen.add(here.fingerprint256);
    chain.push({
      subject: first(here.subject?.CN),
      issuer: first(here.issuer?.CN),
      from: here.valid_from,
      to: here.valid_to,
      sha256: here.fingerprint256,
    });
    here = here.issuerCertificate;
  }
  return chain;
}

function first(name: string | string[] | undefined): string {
  return (Array.isArray(name) ? name[0] : name) ?? '';
}
