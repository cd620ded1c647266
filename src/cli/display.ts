import type { Problem } from '../core/problem.ts';
import { guardedTarget } from '../core/run/care.ts';
import type { RunEvent } from '../core/run/events.ts';
import { happeningWords } from '../core/run/happenings.ts';
import { measure } from '../core/run/objectives.ts';
import { stepNamed } from '../core/run/places.ts';
import { everyStep } from '../core/run/specs.ts';
import type { RunState } from '../core/run/state.ts';
import { summarise } from '../core/run/summary.ts';
import type { Runbook, Step } from '../core/runbook/model.ts';
import { formatClock, formatDuration, formatTime } from '../core/units.ts';
import type { Display, Ending } from './attend.ts';
import type { Moment } from './person.ts';
import { describeProblem, zone } from './words.ts';

export interface RunDisplay extends Display {
  ending(ending: Ending): void;
}

/** For programs: one event a line, and a last line with the summary. */
export function jsonDisplay(): RunDisplay {
  const say = (value: unknown): void => {
    process.stdout.write(`${JSON.stringify(value)}\n`);
  };
  return {
    events: (events) => {
      for (const event of events) say(event);
    },
    output: () => undefined,
    ending: (ending) =>
      say({
        kind: 'summary',
        ...summarise(ending.state),
        state: ending.kind,
        steps: ending.state.steps.map(({ id, title, status, attempts }) => ({
          id,
          title,
          status,
          attempts: attempts.length,
          exitCode: attempts.at(-1)?.result?.exitCode ?? null,
        })),
        problem: problemOf(ending),
      }),
  };
}

/** For people: each step as it begins and ends, its output, and the outcome. */
export function textDisplay(runbook: Runbook): RunDisplay {
  const steps = new Map(everyStep(runbook).map((step) => [step.id, step]));
  let isLineOpen = false;
  const say = (line: string): void => {
    process.stdout.write(`${isLineOpen ? '\n' : ''}${line}\n`);
    isLineOpen = false;
  };
  return {
    events(events, state) {
      for (const event of events) {
        for (const line of linesFor(event, steps, state)) say(line);
      }
    },
    output(text) {
      const begin = !isLineOpen && /^./.test(text) ? '    ' : '';
      process.stdout.write(begin + text.replace(/(?<=[\n\r])(?=.)/g, '    '));
      isLineOpen = !text.endsWith('\n');
    },
    ending(ending) {
      const problem = problemOf(ending);
      if (problem) say(describeProblem(problem));
      for (const line of outcomeLines(ending)) say(line);
    },
  };
}

function linesFor(event: RunEvent, steps: ReadonlyMap<string, Step>, state: RunState): string[] {
  const { body } = event;
  const at = formatTime(event.time, zone);
  const titleOf = (id: string): string =>
    stepNamed(state, id)?.step.title ?? steps.get(id)?.title ?? id;
  switch (body.kind) {
    case 'run.created':
      return [`${body.title}`, `Run ${event.run}, ${body.mode}, begun ${at}`];
    case 'run.driven':
      return event.seq > 2 ? [`Taken up again by ${body.by} at ${at}`] : [];
    case 'run.declared':
      return [`Declared at ${formatTime(body.at, zone)}: the recovery clocks run`];
    case 'step.started': {
      const again = body.attempt > 1 ? `, attempt ${body.attempt}` : '';
      return ['', `> ${titleOf(body.step)} [${body.step}]${again}`];
    }
    case 'step.ended': {
      const took = stepNamed(state, body.step)?.step.attempts[body.attempt - 1]?.result;
      const time = took ? `, ${formatDuration(took.durationMs)}` : '';
      const answer = body.answer === null ? '' : `: ${body.answer}`;
      const proves = body.proves.length > 0 ? `; proves ${body.proves.join(', ')}` : '';
      const line = `  ${body.outcome}${answer}${time}${proves}`;
      return body.problem ? [line, `  ${body.problem.what}`] : [line];
    }
    case 'step.skipped':
      return [`- ${titleOf(body.step)}: skipped, ${body.reason}`];
    case 'step.resolved':
      return [`  resolved by ${body.by} as ${body.as}: ${body.reason}`];
    case 'task.ticked':
      return [`  [${body.done ? 'x' : ' '}] ${steps.get(body.step)?.tasks[body.task]?.text ?? ''}`];
    case 'note.added':
      return [`  Note by ${body.by}: ${body.text}`];
    default: {
      const happening = happeningWords(body, titleOf);
      return happening ? [`  ${happening.text}`] : [];
    }
  }
}

function outcomeLines(ending: Ending): string[] {
  const { state } = ending;
  const lines = [''];
  if (ending.kind === 'ended') {
    const took = Date.parse(ending.state.ended?.at ?? '') - Date.parse(state.createdAt);
    lines.push(`Outcome: ${state.ended?.outcome} after ${formatDuration(took)}`);
  } else {
    lines.push(`Not ended. Go on with: muster resume ${state.id}${resolveWords(ending)}`);
  }
  for (const { component, rtoMs, rtoPromisedMs, rpoMs, rpoPromisedMs, verdict } of measure(state)) {
    lines.push(
      `${component}: ${verdict}`,
      `  RTO ${clock(rtoMs)} of ${clock(rtoPromisedMs)} promised`,
      `  RPO ${clock(rpoMs)} of ${clock(rpoPromisedMs)} promised`,
    );
  }
  lines.push(`Run: ${state.id}`);
  return lines;
}

function clock(ms: number | null): string {
  return ms === null ? 'not measured' : formatClock(ms);
}

/** The option that decides about a step which holds the run; one of its words is to be chosen. */
function resolveWords(ending: Ending): string {
  if (ending.kind !== 'waiting') return '';
  const { decision, id } = ending.moment;
  if (decision.kind === 'failed') return ` --resolve ${id}=retry|skip`;
  return decision.kind === 'unknown' ? ` --resolve ${id}=succeeded|failed|retry` : '';
}

/** Why a run that has not ended goes no further. */
function problemOf(ending: Ending): Problem | null {
  if (ending.kind === 'stopped') return ending.problem;
  if (ending.kind === 'paused') return pausedProblem(ending.state);
  return ending.kind === 'waiting' ? waitingProblem(ending) : null;
}

function pausedProblem({ id, paused }: RunState): Problem {
  return {
    code: 'run-paused',
    what: `The run is paused. ${paused?.reason ?? ''}`.trim(),
    safe: 'Nothing new begins; what was done stays done.',
    next: `Go on with: muster resume ${id}`,
  };
}

function waitingProblem(ending: Extract<Ending, { kind: 'waiting' }>): Problem {
  const { id, step, stepState, decision } = ending.moment;
  const { path } = ending.state.created;
  const place = path === null ? { line: step.line } : { file: path, line: step.line };
  const last = stepState.attempts.at(-1)?.problem;
  if ((decision.kind === 'failed' || decision.kind === 'unknown') && last) {
    return { place, ...last };
  }
  return {
    code: 'person-needed',
    what: `"${step.title}" (${id}) ${needsWords(decision)}.`,
    safe: 'What was done stays done, and is on record.',
    next: nextWords(ending.moment),
    place,
  };
}

/** What the command line can say for it; a person in the app or in a terminal always can. */
function nextWords({ decision, id, step, stepState, state }: Moment): string {
  const otherwise = 'or go on in the app or in a terminal';
  if (decision.kind === 'person' && decision.needs === 'approval') {
    return 'Let a second person approve it, in the app or with a file that they sign.';
  }
  if (decision.kind === 'person') {
    const value = decision.needs === 'answer' ? 'VALUE' : 'done';
    return `Resume it with --answer ${id}=${value}, ${otherwise}.`;
  }
  const guarded = decision.kind === 'act' && guardedTarget(state, step, stepState.risk);
  if (guarded) {
    return `Go on in the app or in a terminal: somebody has to give the name of ${guarded}, which is critical.`;
  }
  if (decision.kind === 'act' && decision.because === 'risk') {
    return `Resume it with --yes ${step.risk}, ${otherwise}.`;
  }
  if (decision.kind === 'act' && decision.because === 'step-mode') {
    return `Resume it with --auto, ${otherwise}.`;
  }
  return 'Go on in the app or in a terminal.';
}

function needsWords(decision: Moment['decision']): string {
  if (decision.kind === 'person') {
    if (decision.needs === 'approval') return 'needs the approval of a second person';
    return decision.needs === 'answer' ? 'needs an answer' : 'is done by hand and needs a person';
  }
  if (decision.kind !== 'act') return 'needs a person';
  switch (decision.because) {
    case 'unreviewed':
      return 'was never reviewed, so a person must start it';
    case 'risk':
      return 'has a higher risk than may go by itself';
    case 'interactive':
      return 'runs in a terminal that a person types in';
    default:
      return 'waits to be started';
  }
}
