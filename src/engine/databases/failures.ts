import { z } from 'zod';
import type { Problem } from '../../core/problem.ts';
import { formatDuration } from '../../core/units.ts';

/** What the driver's errors carry, whether the server, TLS or the network speaks. */
const errorSchema = z.object({
  message: z.string(),
  code: z.string().optional().catch(undefined),
  severity: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  hint: z.string().optional().catch(undefined),
  where: z.string().optional().catch(undefined),
  position: z.coerce.number().int().positive().optional().catch(undefined),
});
type DriverError = z.output<typeof errorSchema>;

function read(error: unknown): DriverError {
  if (error instanceof AggregateError && error.errors.length > 0) return read(error.errors[0]);
  const parsed = errorSchema.safeParse(error);
  return parsed.success ? parsed.data : { message: String(error) };
}

interface Place {
  host: string;
  port: number;
  database: string;
  user: string;
}

/** Why no session with the server began. */
export function notConnected(thrown: unknown, place: Place): Problem {
  const error = read(thrown);
  const where = `${place.host}:${place.port}`;
  const safe = 'Nothing was sent to the database.';
  const detail = error.message;
  const refused = (code: string, what: string, next: string): Problem => ({
    code,
    what,
    safe,
    next,
    detail,
  });
  const { code = '' } = error;
  if (code === '28P01' || code === '28000' || /password|SASL/.test(detail)) {
    return refused(
      'database-login-refused',
      `The server at ${where} refused the login of ${place.user}.`,
      'Check the user and the password of the target, then retry.',
    );
  }
  if (code === '3D000') {
    return refused(
      'database-missing',
      `The server at ${where} has no database ${place.database}.`,
      'Check the name. If the database was destroyed, restore it.',
    );
  }
  if (code.startsWith('53')) {
    return refused(
      'database-full',
      `The server at ${where} takes no more connections.`,
      'End connections that are not needed, then retry.',
    );
  }
  if (code === '57P03') {
    return refused(
      'database-starting',
      `The server at ${where} is starting up or shutting down.`,
      'Wait until it is up, then retry.',
    );
  }
  if (isTlsFault(code, detail)) {
    return refused(
      'database-tls',
      `The identity of the server at ${where} could not be proven: ${detail}.`,
      'Check that this is the right server, and which certificates the target trusts.',
    );
  }
  if (detail === 'timeout expired') {
    return refused(
      'database-silent',
      `The server at ${where} does not answer.`,
      'Check that the address leads to PostgreSQL and that the server is well, then retry.',
    );
  }
  return refused(
    'database-unreachable',
    `The server at ${where} cannot be reached.`,
    'Check that it runs and that the way to it is open, then retry.',
  );
}

function isTlsFault(code: string, message: string): boolean {
  return (
    code.startsWith('ERR_TLS') ||
    /CERT|SELF_SIGNED|UNABLE_TO/.test(code) ||
    /SSL|certificate/i.test(message)
  );
}

export function certificateUnreadable(file: string, error: unknown): Problem {
  return {
    code: 'certificate-unreadable',
    what: `The certificates that the target trusts cannot be read: ${file}.`,
    safe: 'Nothing was sent to the database.',
    next: 'Correct the path in the target, or make the file readable for you.',
    detail: read(error).message,
  };
}

/** A server that stopped answering in the middle of a statement. */
export function databaseSilent(place: Pick<Place, 'host' | 'port'>, statementMs: number): Problem {
  return {
    code: 'database-silent',
    what: `The server at ${place.host}:${place.port} did not answer within ${formatDuration(statementMs)}.`,
    safe: 'The connection was cut. A transaction that was open is rolled back by the server.',
    next: 'Check the server, then retry.',
  };
}

/** A statement that the server refused or did not finish; the fault's place is in the detail. */
export function statementFailed(thrown: unknown, text: string): Problem {
  const error = read(thrown);
  const { code = '' } = error;
  const detail = explain(error, text);
  const safe = 'A transaction that was open is rolled back by the server.';
  if (code === '25006') {
    return {
      code: 'sql-read-only',
      what: 'The statement would change something, and the step is read-only.',
      safe: 'Nothing was changed.',
      next: 'If it is meant to change data, write `write` into the braces of the fence.',
      detail,
    };
  }
  if (code === '57014') {
    return {
      code: 'sql-timed-out',
      what: 'The statement took too long, and the server ended it.',
      safe,
      next: 'Find out what it waits for, or give the step more time.',
      detail,
    };
  }
  if (code.startsWith('57P') || code.startsWith('08') || !('severity' in error)) {
    return {
      code: 'database-connection-lost',
      what: 'The connection to the database was lost in the middle of a statement.',
      safe,
      next: 'Check that the server runs, look at what was done, then retry.',
      detail,
    };
  }
  if (code === '53100') {
    return {
      code: 'database-disk-full',
      what: "The database server's disk is full.",
      safe,
      next: 'Free space on the server, then retry.',
      detail,
    };
  }
  return {
    code: 'sql-failed',
    what: `The database refused the statement: ${error.message}.`,
    safe,
    next: 'Correct the statement or what it needs, then retry.',
    detail,
  };
}

/** The server's words, and the line of the statement with a mark under the fault. */
function explain(error: DriverError, text: string): string {
  const lines = [
    `${error.severity ?? 'ERROR'}: ${error.message}${error.code ? ` (${error.code})` : ''}`,
  ];
  if (error.position !== undefined) {
    // PostgreSQL counts characters, JavaScript UTF-16 units.
    const before = [...text]
      .slice(0, error.position - 1)
      .join('')
      .split('\n');
    const line = before.length;
    const lead = `line ${line}: `;
    lines.push(`${lead}${text.split('\n')[line - 1] ?? ''}`);
    lines.push(`${' '.repeat(lead.length + [...(before.at(-1) ?? '')].length)}^`);
  }
  if (error.detail !== undefined) lines.push(`Detail: ${error.detail}`);
  if (error.hint !== undefined) lines.push(`Hint: ${error.hint}`);
  if (error.where !== undefined) lines.push(`Where: ${error.where}`);
  return lines.join('\n');
}
