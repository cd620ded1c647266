import type { Command } from '../../core/run/commands.ts';
import { type Risk, riskSchema } from '../../core/runbook/model.ts';
import { Keys } from '../controls/Keys.tsx';
import styles from './PaceSwitch.module.css';
import type { LoadedRun } from './store.ts';

interface Props {
  run: LoadedRun;
  off: boolean;
  onPace: (command: Command) => void;
}

/** Step by step, or on by itself. */
export function PaceSwitch({ run, off, onPace }: Props) {
  const { auto, allow } = run.state;
  return (
    <button
      type="button"
      role="switch"
      aria-checked={auto}
      className={styles.switch}
      disabled={off}
      onClick={() => onPace({ kind: 'pace', auto: !auto, allow })}
    >
      <span className={styles.track} aria-hidden="true" />
      Auto mode
      <Keys keys="." />
    </button>
  );
}

/** How far auto mode goes by itself. */
export function PaceLimit({ run, off, onPace }: Props) {
  const { auto, allow } = run.state;
  if (!auto) return null;
  return (
    <select
      className={styles.limit}
      aria-label="Auto mode runs up to risk"
      value={allow}
      disabled={off}
      onChange={(event) => {
        const risk: Risk = riskSchema.parse(event.target.value);
        onPace({ kind: 'pace', auto, allow: risk });
      }}
    >
      <option value="safe">safe steps</option>
      <option value="disruptive">up to disruptive</option>
      <option value="destructive">up to destructive</option>
    </select>
  );
}
