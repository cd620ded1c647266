import { type SubmitEvent, useEffect, useId, useState } from 'react';
import { type Problem, toProblem } from '../../core/problem.ts';
import { type Target, type TargetColour, targetColours } from '../../core/targets/target.ts';
import type { Discovered } from '../../shared/ipc.ts';
import { Button } from '../controls/Button.tsx';
import { Choice } from '../controls/Choice.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { enterSubmits } from '../controls/enter-submits.ts';
import { Field } from '../controls/Field.tsx';
import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import { DatabaseFields } from './DatabaseFields.tsx';
import {
  type DatabaseDraft,
  type Draft,
  draftOf,
  nameFrom,
  newDatabase,
  readDraft,
} from './form.ts';
import { StoreFields } from './StoreFields.tsx';
import { saveTarget, useTargets } from './store.ts';
import styles from './Targets.module.css';

const cares = [
  { value: 'practice', label: 'Practice', help: 'Steps run without a question.' },
  { value: 'standard', label: 'Standard', help: 'Destructive steps ask first.' },
  {
    value: 'critical',
    label: 'Critical',
    help: 'Disruptive steps ask; destructive ones ask for the name.',
  },
] as const;

interface Wrong {
  field: string;
  /** The database connection that the field belongs to. */
  database: number | null;
  why: string;
}

/** Adds a target, or changes one. Secrets are given by reference; the window never has one. */
export function TargetForm({ before, onClose }: { before: Target | null; onClose: () => void }) {
  const form = useId();
  const discovered = useTargets((targets) => targets.discovered);
  const [draft, setDraft] = useState(() => draftOf(before));
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [added, setAdded] = useState<number | null>(null);
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part });
    setWrong(null);
  };
  const wrongIn = (field: string, database: number | null = null) =>
    wrong?.field === field && wrong.database === database ? wrong.why : null;
  const changeDatabase = (id: number, part: Partial<DatabaseDraft>) =>
    change({
      databases: draft.databases.map((one) => (one.id === id ? { ...one, ...part } : one)),
    });

  // The form is long: what is wrong may be out of sight.
  useEffect(() => {
    if (wrong === null) return;
    document.querySelector<HTMLElement>(`#${CSS.escape(form)} [aria-invalid="true"]`)?.focus();
  }, [wrong, form]);

  const addDatabase = () => {
    const one = newDatabase(draft.databases);
    setAdded(one.id);
    change({ databases: [...draft.databases, one] });
  };

  const chooseContext = (context: string) => {
    const found = discovered?.contexts.find(({ name }) => name === context);
    const isNamed = draft.name !== '' && draft.name !== nameFrom(draft.context);
    change({
      context,
      name: before !== null || isNamed ? draft.name : nameFrom(context),
      namespace: draft.namespace === '' ? (found?.namespace ?? '') : draft.namespace,
    });
  };

  const save = (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    const read = readDraft(draft);
    if (!read.ok) {
      setWrong(read);
      return;
    }
    setBusy(true);
    saveTarget(read.target, before === null).then(onClose, (thrown: unknown) => {
      setProblem(toProblem(thrown));
      setBusy(false);
    });
  };

  return (
    <Dialog
      title={before === null ? 'Add a target' : `Edit ${before.name}`}
      width="wide"
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} look="primary" keys="Enter" busy={busy}>
            {before === null ? 'Add' : 'Save'}
          </Button>
        </>
      }
    >
      <form id={form} className={styles.form} onKeyDown={enterSubmits} onSubmit={save}>
        <div className={styles.pair}>
          <Field
            label="Kubernetes context"
            help={contextHelp(draft, discovered)}
            problem={wrongIn('context')}
          >
            {({ id, describedBy, invalid }) =>
              draft.kubeconfig === '' ? (
                <select
                  id={id}
                  aria-describedby={describedBy}
                  data-first
                  value={draft.context}
                  onChange={(event) => chooseContext(event.target.value)}
                >
                  <option value="">None</option>
                  {contextNames(draft.context, discovered).map(({ name, isBroken }) => (
                    <option key={name} value={name}>
                      {isBroken ? `${name} (broken)` : name}
                    </option>
                  ))}
                </select>
              ) : (
                <input
                  id={id}
                  aria-describedby={describedBy}
                  aria-invalid={invalid}
                  data-first
                  autoComplete="off"
                  spellCheck={false}
                  value={draft.context}
                  onChange={(event) => chooseContext(event.target.value)}
                />
              )
            }
          </Field>
          <Field
            label="Kubeconfig"
            help="A file of its own. Empty for KUBECONFIG, or ~/.kube/config."
            problem={wrongIn('kubeconfig')}
          >
            {({ id, describedBy, invalid }) => (
              <input
                id={id}
                aria-describedby={describedBy}
                aria-invalid={invalid}
                autoComplete="off"
                spellCheck={false}
                value={draft.kubeconfig}
                onChange={(event) => change({ kubeconfig: event.target.value })}
              />
            )}
          </Field>
        </div>
        <div className={styles.pair}>
          <Field
            label="Name"
            help={before === null ? 'Small letters, digits and hyphens, such as prod-us.' : null}
            problem={wrongIn('name')}
          >
            {({ id, describedBy, invalid }) => (
              <input
                id={id}
                aria-describedby={describedBy}
                aria-invalid={invalid}
                value={draft.name}
                readOnly={before !== null}
                onChange={(event) => change({ name: event.target.value })}
              />
            )}
          </Field>
          <Field
            label="Namespace"
            help="Where steps act that name none."
            problem={wrongIn('namespace')}
          >
            {({ id, describedBy, invalid }) => (
              <input
                id={id}
                aria-describedby={describedBy}
                aria-invalid={invalid}
                value={draft.namespace}
                onChange={(event) => change({ namespace: event.target.value })}
              />
            )}
          </Field>
        </div>
        <Choice
          legend="Care"
          options={cares}
          value={draft.care}
          onChange={(care) => change({ care })}
          across
        />
        <Colours value={draft.colour} onChange={(colour) => change({ colour })} />
        <StoreFields
          draft={draft}
          profiles={discovered?.profiles ?? []}
          wrongIn={wrongIn}
          onChange={change}
        />
        {draft.databases.map((one) => (
          <DatabaseFields
            key={one.id}
            draft={one}
            isNew={one.id === added}
            wrongIn={(field) => wrongIn(field, one.id)}
            onChange={(part) => changeDatabase(one.id, part)}
            onRemove={() =>
              change({ databases: draft.databases.filter(({ id }) => id !== one.id) })
            }
          />
        ))}
        <div>
          <Button onClick={addDatabase}>Add a database</Button>
        </div>
        <Field
          label="Prometheus"
          help="Its address, for steps that name none. Empty for none."
          problem={wrongIn('prometheus')}
        >
          {({ id, describedBy, invalid }) => (
            <input
              id={id}
              aria-describedby={describedBy}
              aria-invalid={invalid}
              autoComplete="off"
              spellCheck={false}
              value={draft.prometheus}
              onChange={(event) => change({ prometheus: event.target.value })}
            />
          )}
        </Field>
        {problem !== null && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}

interface ColoursProps {
  value: TargetColour;
  onChange: (colour: TargetColour) => void;
}

/** The hues of the ribbon, each with its name beside it. */
function Colours({ value, onChange }: ColoursProps) {
  const name = useId();
  return (
    <fieldset className={styles.colours}>
      <legend>Colour</legend>
      {targetColours.map((colour) => (
        <label key={colour} data-colour={colour}>
          <input
            type="radio"
            name={name}
            checked={value === colour}
            onChange={() => onChange(colour)}
          />
          <span className={styles.swatch} aria-hidden="true" />
          {colour}
        </label>
      ))}
    </fieldset>
  );
}

/** The contexts of this machine, and the chosen one also where it is in none of the usual files. */
function contextNames(chosen: string, discovered: Discovered | null) {
  const found = (discovered?.contexts ?? []).map(({ name, broken }) => ({
    name,
    isBroken: broken !== null,
  }));
  if (chosen === '' || found.some(({ name }) => name === chosen)) return found;
  return [...found, { name: chosen, isBroken: false }];
}

function contextHelp({ context, kubeconfig }: Draft, discovered: Discovered | null): string {
  if (kubeconfig !== '') return 'As that file names it.';
  const found = discovered?.contexts.find(({ name }) => name === context);
  if (found === undefined) return 'From KUBECONFIG, or ~/.kube/config.';
  if (found.broken !== null) return `It cannot be used: ${found.broken}. It is in ${found.file}.`;
  return `${found.server ?? 'No server'}, in ${found.file}.`;
}
