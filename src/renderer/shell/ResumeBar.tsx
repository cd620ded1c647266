import { useEffect } from 'react';
import { ago } from '../controls/ago.ts';
import { Button } from '../controls/Button.tsx';
import { useNow } from '../controls/now.ts';
import { stoppedRuns } from '../run/current.ts';
import { resume } from '../run/resume.ts';
import { load, useRuns } from '../run/store.ts';
import styles from './Frame.module.css';
import { go, useNavigation } from './navigation.ts';

/** A run that nobody drives is offered, calmly, until it is taken up. */
export function ResumeBar() {
  const place = useNavigation((navigation) => navigation.place);
  const list = useRuns((runs) => runs.list);
  const stopped = stoppedRuns(list);
  const first = stopped[0];
  const run = useRuns((runs) => (first === undefined ? undefined : runs.loaded[first.id]));
  const now = useNow(first === undefined ? null : 30_000);
  const id = first?.id;

  useEffect(() => {
    // The summary does not say where the run stopped; its ledger does.
    if (id !== undefined) void load(id);
  }, [id]);

  const here = place.name === 'run' && (place.item === id || place.item === null);
  if (first === undefined || (place.name !== 'library' && place.name !== 'run') || here)
    return null;
  const step =
    run === undefined || run.focus === null
      ? undefined
      : run.state.steps.find(({ id }) => id === run.focus)?.title;
  return (
    <section className={styles.resume} aria-label="Stopped run">
      <p>
        Run <strong>{first.title}</strong> stopped{' '}
        {step === undefined
          ? `after ${first.stepsDone} of ${first.stepsTotal} steps`
          : `at ${step}`}
        {run === undefined ? '' : `, ${ago(run.state.lastTime, now)}`}
        {stopped.length > 1 && `. ${stopped.length - 1} more stopped`}
      </p>
      <Button look="quiet" onClick={() => go('run', stopped.length > 1 ? null : first.id)}>
        {stopped.length > 1 ? 'Show all' : 'Look at it'}
      </Button>
      <Button onClick={() => resume(first.id)}>Resume</Button>
    </section>
  );
}
