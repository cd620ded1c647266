import { MusterError } from '../core/problem.ts';

/** True for a row that is in the file and cannot be what Muster wrote. */
export function isDamage(error: unknown): boolean {
  return error instanceof MusterError && error.problem.code === 'ledger-damaged';
}

/** What `read` gives, or undefined where the row cannot be read. */
export function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}
