import { createRedactor, type Redactor, secretProblem } from '../../core/ledger/redact.ts';
import { redactProblem } from '../../core/ledger/redact-problem.ts';
import type { Problem } from '../../core/problem.ts';

/**
 * Every secret that this process has read or was given: by references, by the credentials that its
 * connections use, by sign-ins. What leaves the process is without them: runs' records, the log,
 * problems on their way to the window or the terminal, notifications.
 */
export interface KnownSecrets {
  add(secret: string): void;
  /**
   * What is replaced from time to time, such as the token of a session. Of each `owner` these and
   * those before stay known: older ones have expired, and a long day must make no text slower.
   */
  addPassing(owner: string, secrets: readonly string[]): void;
  /** All of them by now; the same list until there is another secret. */
  all(): readonly string[];
  /** `text` without any of them. */
  text(text: string): string;
  /** The words of a problem without any of them. */
  problem(problem: Problem): Problem;
}

export function createKnownSecrets(): KnownSecrets {
  const lasting = new Set<string>();
  const passing = new Map<string, [now: string[], before: string[]]>();
  let list: readonly string[] | null = null;
  let redactor: Redactor | null = null;
  const all = (): readonly string[] => {
    list ??= [...new Set([...lasting, ...[...passing.values()].flat(2)])];
    return list;
  };
  const text = (given: string): string => {
    redactor ??= createRedactor(all());
    return redactor.text(given);
  };
  // What is too short to be kept out of a text is refused where it would be used.
  const isKept = (secret: string): boolean => secretProblem('', secret) === null;
  const changed = (): void => {
    list = null;
    redactor = null;
  };
  return {
    add(secret) {
      if (lasting.has(secret) || !isKept(secret)) return;
      lasting.add(secret);
      changed();
    },
    addPassing(owner, secrets) {
      const now = secrets.filter(isKept);
      const [before = []] = passing.get(owner) ?? [];
      if (now.every((secret) => before.includes(secret))) return;
      passing.set(owner, [now, before]);
      changed();
    },
    all,
    text,
    problem: (problem) => redactProblem(problem, text),
  };
}

/** Those of this process: a secret is known to all of it or to nothing of it. */
export const knownSecrets = createKnownSecrets();
