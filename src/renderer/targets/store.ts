import { create } from 'zustand';
import { toProblem } from '../../core/problem.ts';
import type { Target } from '../../core/targets/target.ts';
import type { Discovered, KeptTarget, TargetCheck } from '../../shared/ipc.ts';
import { ask, listen } from '../bridge.ts';
import { announce } from '../shell/announce.ts';
import { report } from '../shell/problems.ts';
import { askToUnlock } from '../vault/store.ts';

/** What was found out of a target just now: under way, an answer, or a problem. */
export type Checked =
  | { state: 'asking' }
  | { state: 'answered'; check: TargetCheck }
  | { state: 'failed'; why: string };

interface TargetsState {
  /** Whether the dialog is open. */
  open: boolean;
  /** Null until the answer is here. */
  list: KeptTarget[] | null;
  discovered: Discovered | null;
  checks: Readonly<Record<string, Checked>>;
}

export const useTargets = create<TargetsState>()(() => ({
  open: false,
  list: null,
  discovered: null,
  checks: {},
}));

export function openTargets(): void {
  useTargets.setState({ open: true });
}

export function closeTargets(): void {
  useTargets.setState({ open: false });
}

/** Reads the targets, what the machine offers, and follows changes. Returns what ends that. */
export function followTargets(): () => void {
  useTargets.setState({ checks: {} });
  refresh();
  ask('targets.discover').then((discovered) => useTargets.setState({ discovered }), report);
  return listen('targets.changed', refresh);
}

function refresh(): void {
  ask('targets.list').then((list) => useTargets.setState({ list }), report);
}

/** Throws MusterError. */
export async function saveTarget(target: Target, isNew: boolean): Promise<void> {
  await ask(isNew ? 'targets.add' : 'targets.change', target);
  announce(`${target.name} is saved.`);
}

/** Throws MusterError. */
export async function removeTarget(name: string): Promise<void> {
  await ask('targets.remove', { name });
  announce(`${name} is removed.`);
}

/** Asks every part of a target who it is, now. */
export function checkTarget(name: string, accept: boolean): void {
  const settle = (checked: Checked): void =>
    useTargets.setState(({ checks }) => ({ checks: { ...checks, [name]: checked } }));
  settle({ state: 'asking' });
  checkOnce(name, accept).then(
    (check) => {
      settle({ state: 'answered', check });
      announce(`${name}: ${checkWords(check)}`);
    },
    (thrown: unknown) => settle({ state: 'failed', why: toProblem(thrown).what }),
  );
}

/** Where a part waits for a locked vault, once more after the operator unlocked it. */
async function checkOnce(name: string, accept: boolean): Promise<TargetCheck> {
  const check = await ask('targets.check', { name, accept });
  const isLocked = check.failed.some(({ problem }) => problem.code === 'vault-locked');
  if (!isLocked || !(await askToUnlock())) return check;
  return ask('targets.check', { name, accept });
}

/** What a check came to, in one sentence. */
export function checkWords({ parts, failed, verdict, problem }: TargetCheck): string {
  if (parts.length + failed.length === 0) return 'It has no part that could be asked.';
  if (problem !== null) return 'It is not the system it was.';
  if (failed.length > 0) return 'Not every part answered.';
  if (verdict === 'match') return 'It is the system it was.';
  return 'What answered is pinned from now on.';
}
