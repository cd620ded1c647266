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
    if (step.action?.kind !== 'shell') continue;
    for (const capture of step.action.captures) {
      values.add(capture.name);
      times.add(capture.name);
    }
  }
  for (const { id, settings } of input.read) {
    const { condition, undo, recoveryPoint, places } = settings;
    const expression = condition === null ? null : parseExpression(condition);
    if (expression?.ok === true) {
      for (const { name } of namesIn(expression.expression)) {
        if (values.has(name)) continue;
        undefinedName(
          findings,
          places.get('if'),
          `The condition reads "${name}", which no input, capture or question gives.`,
          'Correct the name, or add the input, the capture or the question before this step.',
        );
      }
    }
    if (undo !== null && (undo === id || !ids.has(undo))) {
      undefinedName(
        findings,
        places.get('undo'),
        undo === id
          ? 'The step names itself as its undo.'
          : `There is no step with the id "${undo}".`,
        'Write the id of the step that reverses this one.',
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
