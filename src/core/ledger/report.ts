import type { RunEvent, Value } from '../run/events.ts';
import { type Measure, measure, overallVerdict, type Verdict } from '../run/objectives.ts';
import { peopleOf } from '../run/people.ts';
import type { Attachment, Attempt, Note, RunState, StepState } from '../run/state.ts';
import type { Runbook, Step } from '../runbook/model.ts';
import type { ChainCheck } from './chain.ts';
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
  /** What `verifyChain` said of the events. */
  chain: ChainCheck;
  /** IANA name of the zone for local times. */
  timeZone: string;
  writtenAt: string;
}

/** An output or, when it is long, its start and its end. */
export interface OutputExcerpt {
  start: string;
  /** Bytes between `start` and `end`; 0 when nothing is left out. */
  leftOutBytes: number;
  end: string;
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
    path: string | null;
    sha256: string;
    createdAt: string;
    endedAt: string | null;
    durationMs: number | null;
    musterVersion: string;
  };
  chain: ChainCheck;
  verdict: Verdict | null;
  declaredAt: string | null;
  recoveryPoint: { at: string; step: string } | null;
  measures: (Measure & { proof: { at: string; step: string } | null })[];
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

/** The JSON report. */
export function reportJson(model: ReportModel): string {
  return `${JSON.stringify(model, null, 2)}\n`;
}

function phasesOf(source: ReportSource): ReportModel['phases'] {
  const { state, runbook } = source;
  const specs = new Map(
    runbook?.phases.flatMap(({ steps }) => steps.map((step) => [step.id, step] as const)),
  );
  const notes = Map.groupBy(state.notes, ({ step }) => step);
  const files = Map.groupBy(state.attachments, ({ step }) => step);
  const phases: ReportModel['phases'] = [];
  for (const step of state.steps) {
    let phase = phases.at(-1);
    if (phase?.title !== step.phase) {
      phase = { title: step.phase, steps: [] };
      phases.push(phase);
    }
    const spec = specs.get(step.id) ?? null;
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
    output: excerpt && {
      start: readableOutput(excerpt.start),
      leftOutBytes: excerpt.leftOutBytes,
      end: readableOutput(excerpt.end),
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
