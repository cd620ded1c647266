import { z } from 'zod';

/**
 * An error as a value. Everything that can go wrong ends as one of these, and the surface
 * (window, command line, report) shows exactly its words: what happened, what is safe, what to do.
 */
export const problemSchema = z.object({
  /** Stable, kebab-case, for programs and tests: `runbook-unreadable`, `store-locked`. */
  code: z.string(),
  /** What happened, in one sentence. */
  what: z.string(),
  /** What was not harmed, in one sentence. */
  safe: z.string(),
  /** The next thing to do, in one sentence. */
  next: z.string(),
  /** Where, when there is a place. Lines and columns count from 1. */
  place: z
    .object({
      file: z.string().optional(),
      line: z.number().int().positive().optional(),
      column: z.number().int().positive().optional(),
    })
    .optional(),
  /** The raw answer of the system, for the one-click detail. Never a secret. */
  detail: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** The one exception type of Muster: a Problem that travels up the stack. */
export class MusterError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.what);
    this.name = 'MusterError';
    this.problem = problem;
  }
}

/** Turns anything thrown into a Problem; a MusterError keeps its own. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof MusterError) return thrown.problem;
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: 'unexpected',
    what: `Muster met a fault of its own: ${what}`,
    safe: 'What was recorded before this moment is kept.',
    next: 'Try again. If it happens again, report it with the detail below.',
    detail,
  };
}
