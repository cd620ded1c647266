import { useEffect, useState } from 'react';
import type { RunEvent } from '../../core/run/events.ts';
import { ask } from '../bridge.ts';
import { report } from '../shell/problems.ts';

/** So many events are asked for at once. */
const PAGE = 200;

/**
 * The events of a run that are in view, from `first` to `last` by their numbers, of `count` in all.
 * A ledger may have any length, so only what is looked at is read. Null for one that is on its way.
 */
export function useLedger(
  run: string,
  { first, last, count }: { first: number; last: number; count: number },
): (seq: number) => RunEvent | null {
  const [pages, setPages] = useState<ReadonlyMap<number, readonly RunEvent[]>>(new Map());
  const sizeOf = (page: number) => Math.min(PAGE, count - page * PAGE);
  const missing = [pageOf(first), pageOf(last)].find(
    (page) => (pages.get(page)?.length ?? 0) < sizeOf(page),
  );
  const size = missing === undefined ? 0 : sizeOf(missing);

  useEffect(() => {
    if (missing === undefined) return;
    let isOld = false;
    ask('run.ledger', { run, after: missing * PAGE, count: size }).then((events) => {
      if (!isOld) setPages((before) => new Map([...before, [missing, events]]));
    }, report);
    return () => {
      isOld = true;
    };
  }, [run, missing, size]);

  return (seq) => pages.get(pageOf(seq))?.[(seq - 1) % PAGE] ?? null;
}

/** Events are numbered from 1 without gaps. */
function pageOf(seq: number): number {
  return Math.floor((Math.max(seq, 1) - 1) / PAGE);
}
