import type { Problem } from '../core/problem.ts';
import { agenda, type Decision } from '../core/run/agenda.ts';
import type { Command } from '../core/run/commands.ts';
import type { RunEvent } from '../core/run/events.ts';
import { stepNamed } from '../core/run/places.ts';
import { fold } from '../core/run/reduce.ts';
import { specOf } from '../core/run/specs.ts';
import type { RunState } from '../core/run/state.ts';
import type { Runbook } from '../core/runbook/model.ts';
import type { Engine } from '../engine/api.ts';
import type { Store } from '../store/open.ts';
import { createOutputText } from './output-text.ts';
import type { Moment, Person } from './person.ts';

/** What the command line shows of a run while it goes on. */
export interface Display {
  events(events: RunEvent[], state: RunState): void;
  output(text: string): void;
}

export type Ending =
  | { kind: 'ended'; state: RunState }
  /** The person could not say what to do next. */
  | { kind: 'waiting'; state: RunState; moment: Moment }
  /** Nothing begins until somebody resumes the run. */
  | { kind: 'paused'; state: RunState }
  | { kind: 'stopped'; state: RunState; problem: Problem }
  | { kind: 'interrupted'; state: RunState };

/** Follows a run that the engine drives, asks the person where one is needed, and returns its end. */
export async function attend(options: {
  engine: Engine;
  store: Store;
  run: string;
  runbook: Runbook;
  person: Person;
  display: Display;
  /** Aborted by a signal: let go of the run. */
  interrupt: AbortSignal;
}): Promise<Ending> {
  const { engine, store, run, runbook, person, display, interrupt } = options;
  let state: RunState | null = null;
  let stopped: { problem: Problem | null } | null = null;
  let ring = (): void => undefined;
  let isRung = false;
  const wake = (): void => {
    isRung = true;
    ring();
  };
  // What happened before anybody followed is in the store; the rest is told.
  const told: RunEvent[] = [];
  const textOf = createOutputText();
  const unfollow = engine.follow(run, {
    events: (events) => {
      told.push(...events);
      wake();
    },
    // A terminal that a person types in has shown its own already.
    output: (chunk) => {
      if (chunk.stream === 'out' || chunk.stream === 'err') {
        const text = textOf(chunk);
        if (text !== '') display.output(text);
      }
    },
    stopped: (problem) => {
      stopped = { problem };
      wake();
    },
  });
  interrupt.addEventListener('abort', wake);
  // What runs may print nothing and wait long; without a timer the process would end by itself.
  const alive = setInterval(() => undefined, 60_000);
  try {
    for (;;) {
      isRung = false;
      const last: number = state?.lastSeq ?? 0;
      const events = told.splice(0).filter(({ seq }) => seq > last);
      if (state === null || (events[0] && events[0].seq !== last + 1)) {
        events.splice(0, events.length, ...store.events.read(run, last));
      }
      state = fold(events, state);
      if (!state) throw new Error(`Run ${run} has no events`);
      if (events.length > 0) display.events(events, state);
      if (state.ended) return { kind: 'ended', state };
      const end = stopped as { problem: Problem | null } | null;
      if (end?.problem) return { kind: 'stopped', state, problem: end.problem };
      if (interrupt.aborted || end) return { kind: 'interrupted', state };
      const decisions = agenda(state, runbook);
      const moments = momentsIn(decisions, state, runbook);
      const asked = await askOf(person, moments);
      if (asked?.command === 'leave') return { kind: 'waiting', state, moment: asked.moment };
      if (asked) {
        await engine.command(run, asked.command);
        continue;
      }
      const goesOn = decisions.some(
        (next) => next.kind === 'running' || (next.kind === 'act' && next.automatic),
      );
      if (!goesOn && !isRung) {
        if (decisions[0]?.kind === 'paused') return { kind: 'paused', state };
        const [moment] = moments;
        if (moment) return { kind: 'waiting', state, moment };
      }
      if (!isRung) {
        await new Promise<void>((resolve) => {
          ring = resolve;
        });
      }
    }
  } finally {
    clearInterval(alive);
    interrupt.removeEventListener('abort', wake);
    unfollow();
  }
}

/** Whatever needs a person now, what holds the run first. */
function momentsIn(decisions: readonly Decision[], state: RunState, runbook: Runbook): Moment[] {
  const moments = decisions.flatMap((decision): Moment[] => {
    const isForPerson =
      (decision.kind === 'act' && !decision.automatic) ||
      decision.kind === 'person' ||
      decision.kind === 'failed' ||
      decision.kind === 'unknown';
    if (!isForPerson) return [];
    const step = specOf(runbook, decision.step);
    const stepState = stepNamed(state, decision.step)?.step;
    return step && stepState
      ? [{ decision, id: decision.step, step, stepState, state, runbook }]
      : [];
  });
  const holds = ({ decision }: Moment): boolean =>
    decision.kind === 'failed' || decision.kind === 'unknown';
  return [...moments.filter(holds), ...moments.filter((moment) => !holds(moment))];
}

/** What the person says to the first moment that they can speak to. */
async function askOf(
  person: Person,
  moments: readonly Moment[],
): Promise<{ command: Command | 'leave'; moment: Moment } | null> {
  for (const moment of moments) {
    const command = await person.decide(moment);
    if (command !== null) return { command, moment };
  }
  return null;
}
