import { referencesIn } from '../actions/references.ts';
import { actionKindOf } from '../actions/registry.ts';
import { answerVariable } from '../run/variables.ts';
import { type Block, visit } from './blocks.ts';
import { namesIn, parseExpression } from './expression.ts';
import type { Findings, Place } from './findings.ts';
import { allSteps, type Runbook, type Step } from './model.ts';
import type { Settings } from './settings.ts';

/** What the checks look at once everything is read. */
export interface LintInput {
  runbook: Runbook;
  blocks: readonly Block[];
  tooDeep: number | null;
  fullAt: number | null;
  /** The attributes of each step, and of phases with a null id. */
  read: readonly { id: string | null; settings: Settings }[];
  findings: Findings;
}

/** Adds the findings that need more than one place of the runbook. */
export function lint(input: LintInput): void {
  const { runbook, findings } = input;
  const steps = allSteps(runbook);
  structure(input, steps);
  names(input, steps);
  if (runbook.format === 'muster') {
    needs(input);
    actions(input, steps);
    care(steps, input.read, findings);
    proofs(runbook, steps, input.read, findings);
  }
}

function structure(input: LintInput, steps: readonly Step[]): void {
  const { blocks, tooDeep, fullAt, findings } = input;
  visit(blocks, (block) => {
    if (block.type !== 'fence' || block.closed) return;
    findings.warning(
      'unclosed-fence',
      { line: block.line, column: 1 },
      'The code that begins here has no closing line.',
      'Close it with a line of the same backticks or tildes alone.',
    );
  });
  if (tooDeep !== null) {
    findings.warning(
      'nesting-too-deep',
      { line: tooDeep, column: 1 },
      'Lists and quotes are nested too deep here; what is deeper is shown as text.',
      'Nest less deep.',
    );
  }
  if (fullAt !== null) {
    const place = { line: fullAt, column: 1 };
    const message =
      'The text is larger than a runbook can be; from here on it is shown as text, without steps.';
    const remedy = 'Split it into several runbooks.';
    // Steps that nobody would see must not be left out of a run.
    if (input.runbook.format === 'muster') findings.error('too-large', place, message, remedy);
    else findings.warning('too-large', place, message, remedy);
  }
  if (steps.length === 0) {
    findings.warning(
      'no-steps',
      { line: 1, column: 1 },
      'The text has no steps.',
      'Give each step a heading of the third level, a number in a list or a bash fence.',
    );
  }
}

function names(input: LintInput, steps: readonly Step[]): void {
  const { runbook, findings } = input;
  const ids = new Set(steps.map((step) => step.id));
  const values = new Set(runbook.inputs.map((spec) => spec.name));
  const times = new Set(values);
  for (const step of steps) {
    if (step.action?.kind === 'ask') values.add(step.id);
    if (step.each !== null) values.add(step.each.name);
    for (const capture of capturesOf(step)) {
      values.add(capture.name);
      times.add(capture.name);
    }
  }
  for (const { id, settings } of input.read) {
    const { undo, recoveryPoint, places } = settings;
    for (const key of ['if', 'until'] as const) {
      const text = key === 'if' ? settings.condition : settings.until;
      const expression = text === null || text === '' ? null : parseExpression(text);
      if (expression?.ok !== true) continue;
      for (const { name } of namesIn(expression.expression)) {
        if (values.has(name)) continue;
        undefinedName(
          findings,
          places.get(key),
          `The condition reads "${name}", which no input, capture or question gives.`,
          'Correct the name, or add the input, the capture or the question before this step.',
        );
      }
    }
    if (undo?.how === 'step' && (undo.step === id || !ids.has(undo.step))) {
      undefinedName(
        findings,
        places.get('undo'),
        undo.step === id
          ? 'The step names itself as its undo.'
          : `There is no step with the id "${undo.step}".`,
        'Write the id of the step that reverses this one.',
      );
    }
    const list = settings.each?.of;
    if (list?.from === 'value' && !values.has(list.value)) {
      undefinedName(
        findings,
        places.get('each'),
        `The list "${list.value}" is given by no input, capture or question.`,
        'Correct the name, or write the items as [one, two].',
      );
    }
    if (recoveryPoint !== null && !times.has(recoveryPoint)) {
      undefinedName(
        findings,
        places.get('recovery-point'),
        `No capture or input is called "${recoveryPoint}".`,
        'Write the name of the capture that holds the time of the recovered data.',
      );
    }
  }
}

/** The values that a step's success leaves behind for later steps. */
function capturesOf({ action }: Step): readonly { name: string }[] {
  return action !== null && 'captures' in action ? action.captures : [];
}

/**
 * What a step needs must come before it, or stand beside it in a parallel phase, and nothing may
 * need itself in a circle: it would wait for ever.
 */
function needs(input: LintInput): void {
  const { runbook, findings } = input;
  const settingsOf = new Map(input.read.map(({ id, settings }) => [id, settings]));
  const seen = new Set<string>();
  for (const phase of runbook.phases) {
    const own = new Set(phase.parallel > 1 ? phase.steps.map(({ id }) => id) : []);
    const byId = new Map(phase.steps.map((step) => [step.id, step]));
    for (const step of phase.steps) {
      const place = settingsOf.get(step.id)?.places.get('needs');
      for (const id of step.needs) {
        if (id !== step.id && (seen.has(id) || own.has(id))) continue;
        const message =
          id === step.id
            ? 'The step needs itself.'
            : `The step needs "${id}", which is no step before it.`;
        undefinedName(
          findings,
          place,
          message,
          'Write the ids of steps that come before this one.',
        );
      }
      if (own.size > 0 && needsItself(step, byId)) {
        undefinedName(
          findings,
          place,
          'The steps of this phase need each other in a circle.',
          'Take one of the needs= out.',
        );
      }
      if (own.size === 0) seen.add(step.id);
    }
    for (const { id } of phase.steps) seen.add(id);
  }
}

function needsItself(step: Step, byId: ReadonlyMap<string, Step>): boolean {
  const open = [...step.needs];
  const met = new Set<string>();
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === step.id) return true;
    if (met.has(id)) continue;
    met.add(id);
    open.push(...(byId.get(id)?.needs ?? []));
  }
  return false;
}

/** References of structured actions, and attributes that do not go together. */
function actions(input: LintInput, steps: readonly Step[]): void {
  const { runbook, findings } = input;
  const settingsOf = new Map(input.read.map(({ id, settings }) => [id, settings]));
  const values = new Set(runbook.inputs.map((spec) => spec.name));
  for (const step of steps) {
    for (const { name } of capturesOf(step)) values.add(name);
    if (step.action?.kind === 'ask') values.add(answerVariable(step.id));
    if (step.each !== null) values.add(step.each.name);
  }
  for (const step of steps) {
    const { action } = step;
    const places = settingsOf.get(step.id)?.places;
    const here = { line: action?.line ?? step.line, column: 1 };
    const used =
      action?.kind === 'structured' ? action.spec : action?.kind === 'call' ? action.inputs : null;
    for (const name of referencesIn(used)) {
      if (values.has(name)) continue;
      const message = `\${${name}} is given by no input, capture or question.`;
      undefinedName(
        findings,
        here,
        message,
        'Correct the name, or write $$ before { for the text.',
      );
    }
    if (action?.kind === 'structured') {
      const kind = actionKindOf(action.language);
      if (step.undo?.how === 'auto' && !kind.undoable(action.spec)) {
        const message = `Muster cannot take back by itself what "${step.title}" does.`;
        bad(findings, places?.get('undo') ?? here, message, 'Name a step that reverses it.');
      }
      if (kind.uses.length > 0 && !runbook.requires.target && runbook.requires.range === null) {
        const message = `"${step.title}" acts on a target, and the runbook asks for none.`;
        bad(findings, here, message, 'Add requires: {target: true} to the front matter.');
      }
      const { role } = action;
      if (role !== null && !runbook.requires.roles.includes(role)) {
        const message = `No target has the role "${role}".`;
        bad(
          findings,
          here,
          message,
          'Add the role to requires: {target: […]} in the front matter.',
        );
      }
    } else if (step.undo?.how === 'auto') {
      const message = 'Only a structured step can be taken back by Muster itself.';
      bad(findings, places?.get('undo') ?? here, message, 'Name a step that reverses this one.');
    }
    const isMachine = action?.kind === 'shell' || action?.kind === 'structured';
    if (!isMachine && step.until !== null) {
      const message = 'Only what a machine does can be done until it holds.';
      bad(findings, places?.get('until') ?? here, message, 'Take until= out.');
    }
    if (action?.kind !== 'shell' && step.rehearse !== null) {
      const message = 'Only commands can be rehearsed with other commands.';
      bad(findings, places?.get('rehearse') ?? here, message, 'Take rehearse= out.');
    }
  }
}

function bad(findings: Findings, place: Place, message: string, remedy: string): void {
  findings.error('bad-action', place, message, remedy);
}

function undefinedName(
  findings: Findings,
  place: Place | undefined,
  message: string,
  remedy: string,
): void {
  findings.error('undefined-name', place ?? { line: 1, column: 1 }, message, remedy);
}

/** What a step that a machine runs should say before somebody needs it. */
function care(steps: readonly Step[], read: LintInput['read'], findings: Findings): void {
  const settingsOf = new Map(read.map(({ id, settings }) => [id, settings]));
  for (const [i, step] of steps.entries()) {
    const line = step.action?.line ?? step.line;
    if (step.action?.kind === 'shell' && !step.action.interactive && step.timeoutMs === null) {
      findings.warning(
        'missing-timeout',
        { line, column: 1 },
        `Step "${step.title}" may run for ever.`,
        'Say how long it may take, such as timeout=10m.',
      );
    }
    const asked = steps[i - 1]?.action?.kind === 'ask';
    if (step.risk === 'destructive' && step.undo === null && !asked) {
      findings.warning(
        'destructive-without-undo',
        settingsOf.get(step.id)?.places.get('risk') ?? { line, column: 1 },
        `Step "${step.title}" destroys something; nothing reverses it and no question comes before it.`,
        'Name the step that reverses it with undo=, or ask before it.',
      );
    }
  }
}

function proofs(
  runbook: Runbook,
  steps: readonly Step[],
  read: LintInput['read'],
  findings: Findings,
): void {
  const components = new Set(runbook.objectives.map((objective) => objective.component));
  const proven = new Set(steps.flatMap((step) => step.proves));
  for (const { settings } of read) {
    for (const name of settings.proves) {
      if (components.has(name)) continue;
      findings.warning(
        'proves-unknown',
        settings.places.get('proves') ?? { line: 1, column: 1 },
        `No objective is given for "${name}".`,
        'Write the component as in the objectives, or add an objective for it.',
      );
    }
  }
  for (const objective of runbook.objectives) {
    if (proven.has(objective.component)) continue;
    findings.warning(
      'objective-without-proof',
      { line: objective.line, column: 1 },
      `No step proves that "${objective.component}" is recovered, so its time cannot be measured.`,
      `Add proves="${objective.component}" to the step that shows it.`,
    );
  }
}
