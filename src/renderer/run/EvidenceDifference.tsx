import { useMemo } from 'react';
import { diffLines } from '../../core/review/line-diff.ts';
import { DiffLines } from '../review/DiffLines.tsx';

/** What changed of a thing that was kept before and after. */
export default function EvidenceDifference({
  name,
  before,
  after,
}: {
  name: string;
  before: string;
  after: string;
}) {
  const lines = useMemo(
    () =>
      diffLines({ start: 1, lines: before.split('\n') }, { start: 1, lines: after.split('\n') }),
    [before, after],
  );
  if (lines.every(({ kind }) => kind === 'same')) return <p>Nothing of it changed.</p>;
  return <DiffLines lines={lines} label={`What changed of ${name}`} />;
}
