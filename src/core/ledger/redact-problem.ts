import type { Problem } from '../problem.ts';

/** The words of a problem without secrets; `text` takes them out. */
export function redactProblem(problem: Problem, text: (given: string) => string): Problem {
  const { code, what, safe, next, place, detail } = problem;
  return {
    code,
    what: text(what),
    safe: text(safe),
    next: text(next),
    ...(place === undefined ? {} : { place }),
    ...(detail === undefined ? {} : { detail: text(detail) }),
  };
}
