import { type Problem, problemSchema } from '../../core/problem.ts';
import type { Push } from './push.ts';

/** The same push, with what `hide` takes out of the words of problems. */
export function hiding(push: Push, hide: (problem: Problem) => Problem): Push {
  return (name, payload) => {
    if (name !== 'app.problem') return push(name, payload);
    return push('app.problem', hide(problemSchema.parse(payload)));
  };
}
