import { createRedactor, type Redactor, secretProblem } from '../../core/ledger/redact.ts';
import { redactProblem } from '../../core/ledger/redact-problem.ts';
import type { Problem } from '../../core/problem.ts';

/**
 * Every secret that this process has read, for what leaves it beside a run's own record: the log,
 * problems on their way to the window or the terminal, notifications. A run's output has its own
 * redactor, which knows that run's secrets.
 */
export interface KnownSecrets {
  add(secret: string): void;
  /** `text` without any of them. */
  text(text: string): string;
  /** For a stream of text: those that are known by now, also where they go over several lines. */
  stream(): Redactor;
  /** The words of a problem without any of them. */
  problem(problem: Problem): Problem;
}

export function createKnownSecrets(): KnownSecrets {
  const known = new Set<string>();
  let redactor: Redactor | null = null;
  const text = (given: string): string => {
    redactor ??= createRedactor([...known]);
    return redactor.text(given);
  };
  return {
    add(secret) {
      // What is too short to be kept out of a text is refused where it would be used.
      if (known.has(secret) || secretProblem('', secret) !== null) return;
      known.add(secret);
      redactor = null;
    },
    text,
    stream: () => createRedactor([...known]),
    problem: (problem) => redactProblem(problem, text),
  };
}

/** Those of this process: a secret is known to all of it or to nothing of it. */
export const knownSecrets = createKnownSecrets();
