import { connect, type Socket } from 'node:net';
import type { TcpSpec } from '../../core/actions/kinds/tcp.ts';
import { latencyVerdict } from '../../core/checks/threshold.ts';
import { readRegularExpression } from '../../core/runbook/pattern/pattern.ts';
import { formatDuration } from '../../core/units.ts';
import { dial } from './dial.ts';
import { reasonOf } from './exchange.ts';
import { type CheckContext, type CheckResult, withinMs } from './result.ts';

/** A greeting longer than this is none, in bytes. */
const MOST_GREETING = 4096;

/** Connects, reads the greeting where one is asked for, and hangs up. */
export async function checkTcp({ signal }: CheckContext, spec: TcpSpec): Promise<CheckResult> {
  const where = `${spec.host}:${spec.port}`;
  const began = performance.now();
  let greeting: string | null;
  try {
    greeting = await greetingOf(spec, signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return {
      verdict: 'unhealthy',
      summary: `${where}: ${reasonOf(error)}.`,
      responseMs: null,
      values: {},
      evidence: [],
    };
  }
  const responseMs = performance.now() - began;
  const values = greeting === null ? {} : { greeting };
  if (greeting !== null && !isGreeted(greeting, spec.greeting)) {
    const summary = `${where} greets with "${greeting.slice(0, 100)}".`;
    return { verdict: 'unhealthy', summary, responseMs, values, evidence: [] };
  }
  return {
    verdict: latencyVerdict(responseMs, spec.latency),
    summary: `${where} answered in ${formatDuration(responseMs)}.`,
    responseMs,
    values,
    evidence: [],
  };
}

function isGreeted(greeting: string, pattern = ''): boolean {
  const read = readRegularExpression(pattern);
  return read.ok && read.pattern.test(greeting);
}

/** The first line that the server sends, or null where none is waited for. */
function greetingOf(
  { host, port, greeting, within }: TcpSpec,
  signal: AbortSignal,
): Promise<string | null> {
  const limits = { withinMs: withinMs(within), signal };
  return dial<Socket, string | null>(
    () => connect({ host, port }),
    limits,
    (socket, { succeed, fail }) => {
      if (greeting === undefined) {
        socket.once('connect', () => succeed(null));
        return;
      }
      let read = '';
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => {
        read += chunk;
        if (read.includes('\n') || read.length > MOST_GREETING) {
          succeed((read.split('\n')[0] ?? '').trim());
        }
      });
      socket.once('end', () => fail(new Error('it hung up without a greeting')));
    },
  );
}
