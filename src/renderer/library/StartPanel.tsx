import { type SubmitEvent, useId, useMemo, useRef, useState } from 'react';
import type { RunMode } from '../../core/run/events.ts';
import { resolveInputs } from '../../core/runbook/inputs.ts';
import { type Risk, type Runbook, riskSchema } from '../../core/runbook/model.ts';
import type { OpenRunbook } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { Button } from '../controls/Button.tsx';
import { Choice } from '../controls/Choice.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { load, refreshRuns } from '../run/store.ts';
import { go } from '../shell/navigation.ts';
import { report } from '../shell/problems.ts';
import { InputField } from './InputField.tsx';
import styles from './StartPanel.module.css';

type Mode = Exclude<RunMode, 'rehearsal'>;

const modes: readonly { value: Mode; label: string; help: string }[] = [
  { value: 'drill', label: 'Drill', help: 'Proves the recovery on a practice or recovery target.' },
  { value: 'incident', label: 'Incident', help: 'Something is broken. The recovery clocks count.' },
  { value: 'maintenance', label: 'Maintenance', help: 'Planned work, without recovery clocks.' },
];

function usualMode({ kind, requires }: Runbook): Mode {
  if (requires.range !== null || kind === 'drill') return 'drill';
  return kind === 'maintenance' || kind === 'check' || kind === null ? 'maintenance' : 'incident';
}

const paces = [
  { value: 'step', label: 'Step by step', help: 'Each command waits for you.' },
  {
    value: 'auto',
    label: 'Carry on by itself',
    help: 'Stops at questions, hand steps, failures, unreviewed commands and higher risk.',
  },
] as const;

/** Mode, inputs and pace of a new run. Enter starts it. */
export function StartPanel({ open, onClose }: { open: OpenRunbook; onClose: () => void }) {
  const { runbook } = open;
  const form = useId();
  const element = useRef<HTMLFormElement>(null);
  const [mode, setMode] = useState<Mode>(() => usualMode(runbook));
  const [pace, setPace] = useState<'step' | 'auto'>('step');
  const [allow, setAllow] = useState<Risk>('safe');
  const [given, setGiven] = useState<Record<string, string>>({});
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const resolved = useMemo(() => resolveInputs(runbook.inputs, given), [runbook.inputs, given]);
  const problems = resolved.ok ? [] : resolved.problems;

  const start = async (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (!resolved.ok) {
      const first = problems[0]?.name;
      const field = runbook.inputs.findIndex(({ name }) => name === first);
      element.current?.querySelectorAll<HTMLElement>('[data-input]')[field]?.focus();
      return;
    }
    if (busy) return;
    setBusy(true);
    try {
      const { run } = await ask('run.start', {
        targets: {},
        only: null,
        path: open.path,
        sha256: open.sha256,
        mode,
        inputs: resolved.values,
        auto: pace === 'auto',
        allow,
      });
      await load(run);
      onClose();
      go('run', run);
      refreshRuns();
    } catch (thrown) {
      onClose();
      report(thrown);
    }
  };

  const problemOf = (name: string) => {
    // An empty field is not wrong before the operator tried; a wrong one is, at once.
    if (!tried && (given[name] ?? '') === '') return null;
    return problems.find((problem) => problem.name === name)?.message ?? null;
  };

  return (
    <Dialog
      title="Start a run"
      width="wide"
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} look="primary" keys="Enter" busy={busy}>
            Start
          </Button>
        </>
      }
    >
      <form ref={element} id={form} className={styles.form} noValidate onSubmit={start}>
        <p className={styles.what}>
          {runbook.title}{' '}
          <span>
            {runbook.requires.range === null
              ? 'on this machine'
              : 'on the practice range; nothing outside it changes'}
          </span>
        </p>
        {runbook.inputs.length > 0 && (
          <div className={styles.inputs}>
            {runbook.inputs.map((input, index) => (
              <InputField
                key={input.name}
                input={input}
                first={index === 0}
                value={given[input.name] ?? ''}
                problem={problemOf(input.name)}
                onChange={(value) => setGiven({ ...given, [input.name]: value })}
              />
            ))}
          </div>
        )}
        <div className={styles.choices}>
          <Choice
            legend="Mode"
            options={modes}
            value={mode}
            onChange={setMode}
            first={runbook.inputs.length === 0}
            across
          />
          <div>
            <Choice legend="Pace" options={paces} value={pace} onChange={setPace} across />
            {pace === 'auto' && (
              <label className={styles.allow}>
                Runs by itself
                <select
                  value={allow}
                  onChange={(event) => setAllow(riskSchema.parse(event.target.value))}
                >
                  <option value="safe">safe steps only</option>
                  <option value="disruptive">up to disruptive steps</option>
                  <option value="destructive">up to destructive steps</option>
                </select>
              </label>
            )}
          </div>
        </div>
      </form>
    </Dialog>
  );
}
