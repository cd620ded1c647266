import { createRedactor } from '../ledger/redact.ts';
import { plainLine } from './plain-text.ts';

/** A log as it comes, cut into lines that are fit to be shown and hold no secret. */
export interface LogText {
  add(text: string): void;
  /**
   * What stands behind the last whole line by now, and is to be replaced by what comes: lines whose
   * end may still begin a secret (see `Redactor.ahead`).
   */
  open(): string;
  /** No more is coming. */
  end(): void;
}

const encoder = new TextEncoder();
/** In characters. */
const LONGEST_LINE = 4_000;

/** `secrets` are those that are known by now; another list once there are more. */
export function createLogText(
  secrets: () => readonly string[],
  onLine: (line: string) => void,
): LogText {
  const decoder = new TextDecoder();
  let known = secrets();
  let redactor = createRedactor(known);
  let open = '';
  const take = (bytes: Uint8Array): void => {
    const lines = (open + decoder.decode(bytes, { stream: true })).split('\n');
    open = lines.pop() ?? '';
    for (const line of lines) onLine(plainLine(line, LONGEST_LINE));
  };
  return {
    add(text) {
      if (secrets() !== known) {
        // A secret that became known meanwhile is removed from here on.
        take(redactor.flush());
        known = secrets();
        redactor = createRedactor(known);
      }
      take(redactor.push(encoder.encode(text)));
    },
    open: () =>
      (open + redactor.ahead)
        .split('\n')
        .map((line) => plainLine(line, LONGEST_LINE))
        .join('\n'),
    end() {
      take(redactor.flush());
      if (open !== '') onLine(plainLine(open, LONGEST_LINE));
      open = '';
    },
  };
}
