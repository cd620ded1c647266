import { create } from 'zustand';
import { type Problem, toProblem } from '../../core/problem.ts';

interface Problems {
  /** Oldest first; the newest is shown. */
  open: { id: number; problem: Problem }[];
}

export const useProblems = create<Problems>()(() => ({ open: [] }));

let last = 0;

/** Puts a problem where the operator sees it. The same one twice in a row is shown once. */
export function show(problem: Problem): void {
  const { open } = useProblems.getState();
  const newest = open.at(-1)?.problem;
  if (newest?.code === problem.code && newest.what === problem.what) return;
  last += 1;
  useProblems.setState({ open: [...open, { id: last, problem }] });
}

/** For the second argument of `then`: whatever was thrown, in words. */
export function report(thrown: unknown): void {
  show(toProblem(thrown));
}

export function dismiss(id: number): void {
  const { open } = useProblems.getState();
  useProblems.setState({ open: open.filter((one) => one.id !== id) });
}
