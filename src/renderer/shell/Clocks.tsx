import { useNow } from '../controls/now.ts';
import type { LoadedRun } from '../run/store.ts';
import { Clock } from './Clock.tsx';
import styles from './Clocks.module.css';
import { readClocks } from './clock-reading.ts';

/** Recovery time and data loss against what was promised, always in view during a run. */
export function Clocks({ run }: { run: LoadedRun }) {
  const running = run.state.declaredAt !== null && run.state.ended === null;
  const now = useNow(running ? 1000 : null);
  const clocks = readClocks(run.state, now);
  if (clocks.length === 0) return null;
  return (
    <section className={styles.clocks} aria-label="Recovery clocks">
      {clocks.map((clock) => (
        <Clock key={clock.name} clock={clock} />
      ))}
    </section>
  );
}
