import { useEffect, useMemo, useRef, useState } from 'react';
import type { StepState } from '../../core/run/state.ts';
import { formatBytes } from '../../core/units.ts';
import { CopyButton } from '../controls/CopyButton.tsx';
import { useKeys } from '../shell/keys.ts';
import { AttemptLine } from './AttemptLine.tsx';
import { lookedWords, tellings } from './looks.ts';
import { OutputFind, useFind } from './OutputFind.tsx';
import styles from './OutputPanel.module.css';
import { OutputSheet } from './OutputSheet.tsx';
import { loadOutput, outputKey, shown, useOutput } from './output.ts';
import { blank, textOf } from './sheet.ts';
import type { LoadedRun } from './store.ts';

interface Props {
  run: LoadedRun;
  step: StepState;
  interactive: boolean;
}

/** What came of the command: how it ended, in one line that is always there, and its output. */
export function OutputPanel({ run, step, interactive }: Props) {
  const [chosen, setChosen] = useState<number | null>(null);
  const panel = useRef<HTMLElement>(null);
  const latest = step.attempts.at(-1)?.number ?? 0;
  const number = chosen ?? latest;
  const attempt = step.attempts.findLast((one) => one.number === number) ?? null;
  const running = attempt !== null && attempt.endedAt === null && attempt.result === null;
  const output = attempt?.result?.output ?? null;
  const leftOut = output?.leftOut ?? null;
  const total = output && output.bytes + (leftOut?.bytes ?? 0);
  const kept = useOutput((output) => output[outputKey(run.id, step.id, number)]);
  const sheet = useMemo(() => (kept === undefined ? blank : shown(kept)), [kept]);
  const find = useFind(sheet);

  const missing = kept === undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was let go is read again
  useEffect(() => {
    if (number > 0) void loadOutput(run.id, step.id, number, total);
  }, [run.id, step.id, number, total, missing]);

  useEffect(() => {
    if (running) panel.current?.scrollIntoView({ block: 'nearest' });
  }, [running]);

  useKeys('part', 'Output', [
    { keys: 'mod+f', name: 'Find in the output', run: find.begin, always: 'fields' },
  ]);

  return (
    <section ref={panel} className={styles.panel} aria-label="Output">
      <div className={styles.head}>
        <AttemptLine attempt={attempt} running={running} does={step.does} />
        {tellings(step.attempts).length > 1 && (
          <select
            className={styles.attempts}
            aria-label="Attempt"
            value={number}
            onChange={(event) => setChosen(Number(event.target.value))}
          >
            {tellings(step.attempts).map((one) =>
              one.kind === 'attempt' ? (
                <option key={one.attempt.number} value={one.attempt.number}>
                  attempt {one.attempt.number} of {latest}
                </option>
              ) : (
                <option key={one.last.number} value={one.last.number}>
                  {lookedWords(one.count)}: the last of them
                </option>
              ),
            )}
          </select>
        )}
        {kept !== undefined && (
          <>
            <span className={styles.size}>{formatBytes(kept.end)}</span>
            <button type="button" onClick={find.begin}>
              Find
            </button>
            <CopyButton label="Copy the output" text={() => textOf(sheet)} />
          </>
        )}
      </div>
      <OutputFind find={find} />
      {attempt !== null && (
        <OutputSheet
          sheet={sheet}
          skipped={kept?.skipped ?? 0}
          leftOut={leftOut}
          running={running}
          found={find.line}
          empty={
            running
              ? interactive
                ? 'It runs in the terminal below.'
                : 'No output yet.'
              : 'It printed nothing.'
          }
        />
      )}
    </section>
  );
}
