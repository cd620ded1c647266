import { type SubmitEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { type Problem, toProblem } from '../../core/problem.ts';
import type { RunMode } from '../../core/run/events.ts';
import { resolveInputs } from '../../core/runbook/inputs.ts';
import { type Risk, type Runbook, riskSchema } from '../../core/runbook/model.ts';
import type { KeptTarget, OpenRunbook } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { Button } from '../controls/Button.tsx';
import { Choice } from '../controls/Choice.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { enterSubmits } from '../controls/enter-submits.ts';
import { load, refreshRuns } from '../run/store.ts';
import { go } from '../shell/navigation.ts';
import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import { followTargets, useTargets } from '../targets/store.ts';
import { withVault } from '../vault/store.ts';
import { InputField } from './InputField.tsx';
import { PartChoice } from './PartChoice.tsx';
import styles from './StartPanel.module.css';
import { firstChoice, onlyOf, type Part, targetProblems } from './start.ts';
import { TargetChoice } from './TargetChoice.tsx';

const modes: readonly { value: RunMode; label: string; help: string }[] = [
  { value: 'drill', label: 'Drill', help: 'Proves the recovery on a practice or recovery target.' },
  { value: 'incident', label: 'Incident', help: 'Something is broken. The recovery clocks count.' },
  {
    value: 'rehearsal',
    label: 'Rehearsal',
    help: 'Nothing changes: every step says what it would do.',
  },
  { value: 'maintenance', label: 'Maintenance', help: 'Planned work, without recovery clocks.' },
];

function usualMode({ kind, requires }: Runbook): RunMode {
  if (requires.range !== null || kind === 'drill') return 'drill';
  return kind === 'maintenance' || kind === 'check' || kind === null ? 'maintenance' : 'incident';
}

function whereWords({ requires }: Runbook, mode: RunMode): string {
  if (mode === 'rehearsal') return 'as a rehearsal; nothing changes';
  if (requires.range !== null) return 'on the practice range; nothing outside it changes';
  return requires.roles.length === 0 ? 'on this machine' : 'on the target that you choose';
}

/** What was picked, of the targets that there are. */
function chosenOf(
  roles: readonly string[],
  list: readonly KeptTarget[] | null,
  picked: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = new Set(list?.map(({ target }) => target.name));
  const known = Object.entries(picked).filter(([, name]) => names.has(name));
  return { ...firstChoice(roles, list ?? []), ...Object.fromEntries(known) };
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
  const [mode, setMode] = useState<RunMode>(() => usualMode(runbook));
  const [pace, setPace] = useState<'step' | 'auto'>('step');
  const [allow, setAllow] = useState<Risk>('safe');
  const [given, setGiven] = useState<Record<string, string>>({});
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Problem | null>(null);
  const resolved = useMemo(() => resolveInputs(runbook.inputs, given), [runbook.inputs, given]);
  const problems = resolved.ok ? [] : resolved.problems;
  const { roles } = runbook.requires;
  const list = useTargets((targets) => targets.list);
  const [picked, setPicked] = useState<Record<string, string>>({});
  const chosen = useMemo(() => chosenOf(roles, list, picked), [roles, list, picked]);
  const unbound = targetProblems(roles, chosen);
  const [part, setPart] = useState<Part>({ kind: 'all' });
  const only = onlyOf(runbook, part);

  useEffect(() => (roles.length === 0 ? undefined : followTargets()), [roles.length]);

  const start = async (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (!resolved.ok) {
      const first = problems[0]?.name;
      const field = runbook.inputs.findIndex(({ name }) => name === first);
      element.current?.querySelectorAll<HTMLElement>('[data-input]')[field]?.focus();
      return;
    }
    const missing = roles.findIndex((role) => unbound[role] !== undefined);
    if (missing >= 0) {
      element.current?.querySelectorAll<HTMLElement>('[data-target]')[missing]?.focus();
      return;
    }
    if (only?.length === 0) return;
    if (busy) return;
    setBusy(true);
    setRefused(null);
    try {
      const { run } = await withVault(() =>
        ask('run.start', {
          targets: chosen,
          only,
          path: open.path,
          sha256: open.sha256,
          mode,
          inputs: resolved.values,
          auto: pace === 'auto',
          allow,
        }),
      );
      await load(run);
      onClose();
      go('run', run);
      refreshRuns();
    } catch (thrown) {
      // What was chosen and typed stays for another try.
      setRefused(toProblem(thrown));
      setBusy(false);
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
      <form
        ref={element}
        id={form}
        className={styles.form}
        noValidate
        onKeyDown={enterSubmits}
        onSubmit={start}
      >
        <p className={styles.what}>
          {runbook.title} <span>{whereWords(runbook, mode)}</span>
        </p>
        {refused !== null && (
          <div ref={(notice) => notice?.scrollIntoView({ block: 'nearest' })}>
            <ProblemNotice problem={refused} />
          </div>
        )}
        <TargetChoice
          roles={roles}
          list={list}
          chosen={chosen}
          problems={tried ? unbound : {}}
          first
          onChoose={(role, name) => setPicked({ ...picked, [role]: name })}
        />
        {runbook.inputs.length > 0 && (
          <div className={styles.inputs}>
            {runbook.inputs.map((input, index) => (
              <InputField
                key={input.name}
                input={input}
                first={index === 0 && roles.length === 0}
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
            onChange={(chosenMode) => {
              setMode(chosenMode);
              // Nothing can happen in a rehearsal, so nothing has to be waited for.
              if (chosenMode === 'rehearsal') setPace('auto');
            }}
            first={runbook.inputs.length === 0 && roles.length === 0}
            across
          />
          <div>
            <Choice legend="Pace" options={paces} value={pace} onChange={setPace} across />
            {pace === 'auto' && mode !== 'rehearsal' && (
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
          <PartChoice runbook={runbook} part={part} onPart={setPart} />
          {tried && only?.length === 0 && (
            <p role="alert" className={styles.problem}>
              Choose at least one step.
            </p>
          )}
        </div>
      </form>
    </Dialog>
  );
}
