import { useEffect, useState } from 'react';
import type { Estimates } from '../../core/run/estimates.ts';
import { ask } from '../bridge.ts';
import { report } from '../shell/problems.ts';

/** How long the steps of a run took in earlier runs; null while that is not known or not asked. */
export function useEstimates(run: string, wanted: boolean): Estimates | null {
  const [estimates, setEstimates] = useState<Estimates | null>(null);
  useEffect(() => {
    let isWanted = wanted;
    if (!wanted) return;
    ask('run.estimates', { run }).then((found) => {
      if (isWanted) setEstimates(found);
    }, report);
    return () => {
      isWanted = false;
    };
  }, [run, wanted]);
  return estimates;
}
