import { type Estimates, estimatedTotal } from '../run/estimates.ts';
import type { RunEvent, Value } from '../run/events.ts';
import { type Measure, measure, overallVerdict, type Verdict } from '../run/objectives.ts';
import { peopleOf } from '../run/people.ts';
import { specOf } from '../run/specs.ts';
import type { Attachment, Attempt, Note, Pause, RunState, StepState } from '../run/state.ts';
import type { Runbook, Step } from '../runbook/model.ts';
import type { RunCheck } from './head.ts';
import { readableOutput } from './readable.ts';
import { type TimelineLine, timelineOf } from './timeline.ts';

/** What the report is made from. */
export interface ReportSource {
  state: RunState;
  /** All events of the run, in order. */
  events: readonly RunEvent[];
  /** The runbook as it was kept with the run; null when it cannot be read any more. */
  runbook: Runbook | null;
  /** The kept output of an attempt; null when there is none. */
  output(step: string, attempt: number): OutputExcerpt | null;
  /** What the check of the record said. */
  chain: RunCheck;
  /** Of a rehearsal: what earlier runs of the same runbook say of its steps. */
  estimates: Estimates | null;
  /** IANA name of the zone for local times. */
  timeZone: string;
  writtenAt: string;
}

/** An output or, when it is long, its start and its end. */
export interface OutputExcerpt {
  start: string;
  /** Bytes between `start` and `end` that are kept with the run; 0 when there are none. */
  leftOutBytes: number;
  end: string;
  /** Bytes and lines between them that were counted and are kept nowhere. */
  notKept: { bytes: number; lines: number } | null;
}

/** The whole report as plain data: what the JSON report holds and the other formats show. */
export interface ReportModel {
  format: 'muster-report';
  version: 1;
  writtenAt: string;
  timeZone: string;
  run: {
    id: string;
    title: string;
    mode: RunState['mode'];
    outcome: 'succeeded' | 'failed' | 'aborted' | null;
    reason: string | null;
    operator: string;
    host: string;
    range: string | null;
    targets: { role: string; name: string; care: string; identity: string }[];
    path: string | null;
    sha256: string;
    createdAt: string;
    endedAt: string | null;
    durationMs: number | null;
    musterVersion: string;
  };
  chain: RunCheck;
  verdict: Verdict | null;
  declaredAt: string | null;
  recoveryPoint: { at: string; step: string } | null;
  measures: (Measure & { proof: { at: string; step: string } | null })[];
  /** Stretches in which nothing new began; they are part of all measured times. */
  pauses: Pause[];
  /** What was taken back at last, and the titles of the steps whose change could not be. */
  undo: { at: string; by: string; reason: string; steps: number; remains: string[] } | null;
  /** Of a rehearsal: how long its steps took in earlier runs; null where none says so. */
  estimate: { runs: number; ms: number; known: number; unknown: number } | null;
  inputs: { name: string; value: Value; isReference: boolean }[];
  timeline: TimelineLine[];
  phases: { title: string; steps: ReportStep[] }[];
  /** Notes on the run as a whole; notes on a step stand with the step. */
  notes: Note[];
  /** Files attached to the run as a whole; those of a step stand with the step. */
  attachments: Attachment[];
}

export interface ReportStep {
  id: string;
  title: string;
  does: StepState['does'];
  risk: StepState['risk'];
  status: StepState['status'];
  /** Who had a hand in the last attempt; `muster` when nobody had. */
  who: string[];
  startedAt: string | null;
  endedAt: string | null;
  /** Of the last attempt. */
  durationMs: number | null;
  /** The commands or the question, when the runbook is there. */
  text: string | null;
  language: string | null;
  answer: Value | null;
  skipped: StepState['skipped'];
  /** When what it did was taken back, and by whom. */
  undone: StepState['undone'];
  /** How long it took in earlier runs, in ms; of a rehearsal alone. */
  estimateMs: number | null;
  tasks: { text: string; ticked: { by: string; at: string } | null }[];
  attempts: ReportAttempt[];
  notes: Note[];
  attachments: Attachment[];
}

export interface ReportAttempt extends Omit<Attempt, 'result'> {
  /** From start to end, in ms; a step done by hand includes the time of the person. */
  durationMs: number | null;
  exitCode: number | null;
  signal: string | null;
  timedOut: boolean;
  captures: Record<string, string>;
  /** What a structured action did or found, in a sentence. */
  summary: string | null;
  verdict: NonNullable<Attempt['result']>['verdict'] | null;
  /** True where a rehearsal only said what would be done. */
  rehearsed: boolean;
  /** What shows it: names and sizes; the texts are kept with the run. */
  evidence: { name: string; bytes: number }[];
  output: (OutputExcerpt & { bytes: number; sha256: string }) | null;
}

export function reportModel(source: ReportSource): ReportModel {
  const { state, runbook } = source;
  const { created, ended } = state;
  const measures = measure(state);
  const secrets = new Set(
    runbook?.inputs.filter(({ type }) => type === 'secret').map(({ name }) => name),
  );
  const titles = new Map(state.steps.map(({ id, title }) => [id, title]));
  const titled = (at: { at: string; step: string }) => ({
    at: at.at,
    step: titles.get(at.step) ?? at.step,
  });
  return {
    format: 'muster-report',
    version: 1,
    writtenAt: source.writtenAt,
    timeZone: source.timeZone,
    run: {
      id: state.id,
      title: created.title,
      mode: state.mode,
      outcome: ended?.outcome ?? null,
      reason: ended?.reason ?? null,
      operator: created.operator,
      host: created.host,
      range: created.range,
      targets: (created.targets ?? []).map(({ role, name, care, identity }) => ({
        role,
        name,
        care,
        identity,
      })),
      path: created.path,
      sha256: created.sha256,
      createdAt: state.createdAt,
      endedAt: ended?.at ?? null,
      durationMs: between(state.createdAt, ended?.at ?? null),
      musterVersion: created.version,
    },
    chain: source.chain,
    verdict: overallVerdict(measures),
    declaredAt: state.declaredAt,
    recoveryPoint: state.recoveryPoint && titled(state.recoveryPoint),
    measures: measures.map((one) => {
      const proof = Object.hasOwn(state.proofs, one.component) && state.proofs[one.component];
      return { ...one, proof: proof ? titled(proof) : null };
    }),
    pauses: state.pauses,
    undo: state.undo && {
      at: state.undo.at,
      by: state.undo.by,
      reason: state.undo.reason,
      steps: state.undo.steps.length,
      remains: (ended?.remains ?? []).map((id) => titles.get(id) ?? id),
    },
    estimate: estimateOf(source),
    inputs: Object.entries(created.inputs).map(([name, value]) => ({
      name,
      value,
      isReference: secrets.has(name),
    })),
    timeline: timelineOf(state, source.events, source.timeZone),
    phases: phasesOf(source),
    notes: state.notes.filter(({ step }) => step === null || !titles.has(step)),
    attachments: state.attachments.filter(({ step }) => step === null || !titles.has(step)),
  };
}

function estimateOf({ state, estimates }: ReportSource): ReportModel['estimate'] {
  if (state.mode !== 'rehearsal' || estimates === null) return null;
  const total = estimatedTotal(estimates, state.steps);
  return total.known === 0 ? null : { runs: estimates.runs, ...total };
}

/** The JSON report. */
export function reportJson(model: ReportModel): string {
  return `${JSON.stringify(model, null, 2)}\n`;
}

function phasesOf(source: ReportSource): ReportModel['phases'] {
  const { state, runbook } = source;
  const notes = Map.groupBy(state.notes, ({ step }) => step);
  const files = Map.groupBy(state.attachments, ({ step }) => step);
  const phases: ReportModel['phases'] = [];
  for (const step of state.steps) {
    let phase = phases.at(-1);
    if (phase?.title !== step.phase) {
      phase = { title: step.phase, steps: [] };
      phases.push(phase);
    }
    const spec = runbook === null ? null : specOf(runbook, step.id);
    phase.steps.push({
      ...stepOf(source, step, spec),
      notes: notes.get(step.id) ?? [],
      attachments: files.get(step.id) ?? [],
    });
  }
  return phases;
}

function stepOf(
  source: ReportSource,
  step: StepState,
  spec: Step | null,
): Omit<ReportStep, 'notes' | 'attachments'> {
  const { state, estimates } = source;
  const attempts = step.attempts.map((attempt) => attemptOf(source, step, attempt));
  const last = attempts.at(-1);
  const action = spec?.action ?? null;
  return {
    id: step.id,
    title: step.title,
    does: step.does,
    risk: step.risk,
    status: step.status,
    who: peopleOf(step),
    startedAt: last?.startedAt ?? null,
    endedAt: last?.endedAt ?? step.skipped?.at ?? null,
    durationMs: last?.durationMs ?? null,
    text: action === null ? null : action.kind === 'ask' ? action.question : action.code,
    language: action === null || action.kind === 'ask' ? null : action.language,
    answer: step.answer,
    skipped: step.skipped,
    undone: step.undone,
    estimateMs: state.mode === 'rehearsal' ? (estimates?.steps[step.id] ?? null) : null,
    tasks: step.ticks.map((ticked, index) => ({
      text: spec?.tasks[index]?.text ?? `Item ${index + 1}`,
      ticked,
    })),
    attempts,
  };
}

function attemptOf(source: ReportSource, step: StepState, attempt: Attempt): ReportAttempt {
  const { result, ...rest } = attempt;
  const excerpt = source.output(step.id, attempt.number);
  return {
    ...rest,
    durationMs: between(attempt.startedAt, attempt.endedAt),
    exitCode: result?.exitCode ?? null,
    signal: result?.signal ?? null,
    timedOut: result?.outcome === 'timed-out',
    captures: result?.captures ?? {},
    summary: result?.summary ?? null,
    verdict: result?.verdict ?? null,
    rehearsed: result?.rehearsed === true,
    evidence: (result?.evidence ?? []).map(({ name, bytes }) => ({ name, bytes })),
    output: excerpt && {
      start: readableOutput(excerpt.start),
      leftOutBytes: excerpt.leftOutBytes,
      end: readableOutput(excerpt.end),
      notKept: excerpt.notKept,
      bytes: result?.output.bytes ?? 0,
      sha256: result?.output.sha256 ?? '',
    },
  };
}

/** Wall time in ms; null when it is not over, or when the clock was set back in between. */
function between(start: string, end: string | null): number | null {
  if (end === null) return null;
  const ms = Date.parse(end) - Date.parse(start);
  return ms >= 0 ? ms : null;
}
