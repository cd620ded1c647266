import { useCallback, useEffect, useMemo, useState } from 'react';
import { containersOf } from '../../core/run/step-ids.ts';
import { outlineRows, type Row } from './outline.ts';
import type { LoadedRun } from './store.ts';

interface Folds {
  rows: readonly Row[];
  isOpen: (group: string) => boolean;
  toggle: (group: string) => void;
}

/**
 * Which calls and lists of a run are open. One opens by itself when something in it has its turn or
 * is looked at, and is not folded by itself again: nothing may move when a state changes.
 */
export function useFolds(run: LoadedRun, shown: string | null): Folds {
  const [chosen, setChosen] = useState<Readonly<Record<string, boolean>>>({});
  const rows = useMemo(
    () => outlineRows(run.state.layout, run.runbook),
    [run.state.layout, run.runbook],
  );
  const wanted = [...new Set([...run.turns.keys()].flatMap(containersOf))].toSorted().join('\n');
  useEffect(() => {
    const groups = wanted === '' ? [] : wanted.split('\n');
    setChosen((before) => {
      const fresh = groups.filter((group) => before[group] === undefined);
      if (fresh.length === 0) return before;
      return { ...before, ...Object.fromEntries(fresh.map((group) => [group, true])) };
    });
  }, [wanted]);
  useEffect(() => {
    // What is looked at is never hidden.
    const groups = shown === null ? [] : containersOf(shown);
    if (groups.length === 0) return;
    setChosen((before) => ({
      ...before,
      ...Object.fromEntries(groups.map((group) => [group, true])),
    }));
  }, [shown]);
  const isOpen = useCallback((group: string) => chosen[group] === true, [chosen]);
  const toggle = (group: string) => setChosen({ ...chosen, [group]: chosen[group] !== true });
  return { rows, isOpen, toggle };
}
