import type { Problem } from '../core/problem.ts';

/** A problem as the command line says it: what happened, what is safe, what to do, and where. */
export function describeProblem(problem: Problem): string {
  const { file, line, column } = problem.place ?? {};
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const lines = [place ? `${place}: ${problem.what}` : problem.what, problem.safe, problem.next];
  if (problem.code === 'unexpected' && problem.detail) lines.push(problem.detail);
  return lines.join('\n');
}

/** The operator's time zone. */
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
