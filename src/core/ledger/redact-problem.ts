import type { Problem } from '../problem.ts';

/** The words of a problem as `text` leaves them. */
export function redactProblem(
  { code, what, safe, next, place, detail }: Problem,
  text: (given: string) => string,
): Problem {
  return {
    code,
    what: text(what),
    safe: text(safe),
    next: text(next),
    ...(place === undefined ? {} : { place }),
    ...(detail === undefined ? {} : { detail: text(detail) }),
  };
}
