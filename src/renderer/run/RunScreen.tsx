import { useState } from 'react';
import { usePasteAttaches } from '../attachments/attach.ts';
import { useKeys } from '../shell/keys.ts';
import { usePanels } from '../shell/panels.ts';
import { RunNotice } from './RunNotice.tsx';
import styles from './RunScreen.module.css';
import { SidePanel } from './SidePanel.tsx';
import { StepList } from './StepList.tsx';
import { StepPane, stepHeading } from './StepPane.tsx';
import type { LoadedRun } from './store.ts';

/** A run under way: its steps, the step, and what is known around it. */
export function RunScreen({ run }: { run: LoadedRun }) {
  const panels = usePanels();
  // Null follows the current step; an id is a step that the operator looked up.
  const [looked, setLooked] = useState<string | null>(null);
  const current = run.focus;
  const steps = run.state.steps;
  const shown = looked ?? current ?? steps.at(-1)?.id ?? null;

  usePasteAttaches(run.id, shown);
  const look = (step: string) => {
    if (step === shown) document.getElementById(stepHeading)?.focus();
    setLooked(step === current ? null : step);
  };
  const move = (by: number) => {
    const at = steps.findIndex((step) => step.id === shown);
    const to = steps[Math.min(steps.length - 1, Math.max(0, at + by))];
    if (to !== undefined) look(to.id);
  };

  useKeys('place', 'Run', [
    { keys: 'j', name: 'Look at the next step', run: () => move(1), repeats: true },
    { keys: 'k', name: 'Look at the previous step', run: () => move(-1), repeats: true },
    {
      keys: 'ArrowDown',
      name: 'Look at the next step',
      run: () => move(1),
      repeats: true,
      also: true,
    },
    {
      keys: 'ArrowUp',
      name: 'Look at the previous step',
      run: () => move(-1),
      repeats: true,
      also: true,
    },
    { keys: 'b', name: 'Back to the current step', run: () => setLooked(null) },
    {
      keys: '[',
      name: 'Show or hide the steps',
      run: panels.toggleOutline,
    },
    {
      keys: ']',
      name: 'Show or hide the live panel',
      run: panels.toggleSide,
    },
  ]);

  return (
    <>
      <RunNotice run={run} onLook={look} />
      <div className={styles.columns}>
        {panels.outline && (
          <StepList run={run} shown={shown} over={panels.outlineOver} onLook={look} />
        )}
        {shown !== null && (
          <StepPane
            key={shown}
            run={run}
            id={shown}
            onLook={look}
            onBack={looked === null ? null : () => setLooked(null)}
          />
        )}
        {panels.side && <SidePanel run={run} shown={shown} over={panels.sideOver} onLook={look} />}
      </div>
    </>
  );
}
