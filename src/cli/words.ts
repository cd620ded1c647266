import type { Problem } from '../core/problem.ts';

/** A problem as the command line says it: what happened, what is safe, what to do, and where. */
export function describeProblem(problem: Problem): string {
  const lines = [placed(problem), problem.safe, problem.next];
  if (problem.code === 'unexpected' && problem.detail) lines.push(problem.detail);
  return lines.join('\n');
}

/** In the form that editors and terminals open with a click; a file is not named twice. */
function placed({ what, place }: Problem): string {
  const { file, line, column } = place ?? {};
  if (line === undefined && (file === undefined || what.includes(file))) return what;
  const parts = [file, line, column].filter((part) => part !== undefined);
  return `${parts.join(':')}: ${what}`;
}

/** The operator's time zone. */
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
