import { useState } from 'react';
import type { StepState } from '../../core/run/state.ts';
import type { Step } from '../../core/runbook/model.ts';
import { Button } from '../controls/Button.tsx';
import { When } from '../controls/When.tsx';
import { Markdown } from '../document/Markdown.tsx';
import { driverOf } from './current.ts';
import { send } from './send.ts';
import { type LoadedRun, useRuns } from './store.ts';
import styles from './Tasks.module.css';

interface Props {
  run: LoadedRun;
  spec: Step;
  state: StepState;
  first: number;
  count: number;
}

/** So many tasks are laid out at a time; thousands at once would hold the window up. */
const PAGE = 200;

/** Task items, ticked one by one. Each tick says whose it is. */
export function Tasks({ run, spec, state, first, count }: Props) {
  const here = useRuns((runs) => driverOf(runs.list, run.id)) === 'here';
  const open = state.status === 'waiting' && here;
  const [page, setPage] = useState(PAGE);
  const shown = Math.min(count, page);
  return (
    <ul className={styles.tasks} aria-label="Tasks">
      {spec.tasks.slice(first, first + shown).map((task, offset) => {
        const index = first + offset;
        const tick = state.ticks[index] ?? null;
        return (
          <li key={task.line}>
            <label className={styles.task}>
              <input
                type="checkbox"
                checked={tick !== null}
                disabled={!open}
                onChange={(event) => {
                  const done = event.target.checked;
                  void send(run.id, { kind: 'tick', step: state.id, task: index, done });
                }}
              />
              <span className={styles.text}>
                <Markdown text={task.text} />
              </span>
            </label>
            <span className={styles.by}>
              {tick !== null && (
                <>
                  {tick.by}, <When at={tick.at} />
                </>
              )}
            </span>
          </li>
        );
      })}
      {shown < count && (
        <li>
          <Button onClick={() => setPage(page + PAGE)}>Show more of {count} tasks</Button>
        </li>
      )}
    </ul>
  );
}
