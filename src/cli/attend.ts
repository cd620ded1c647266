import type { Problem } from '../core/problem.ts';
import { decide } from '../core/run/decide.ts';
import type { RunEvent } from '../core/run/events.ts';
import { fold } from '../core/run/reduce.ts';
import type { RunState } from '../core/run/state.ts';
import { allSteps, type Runbook } from '../core/runbook/model.ts';
import { formatBytes } from '../core/units.ts';
import type { Engine, OutputChunk } from '../engine/api.ts';
import type { Store } from '../store/open.ts';
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
  const steps = new Map(allSteps(runbook).map((step) => [step.id, step]));
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
  let end = { attempt: '', at: 0 };
  const show = (chunk: OutputChunk): void => {
    const attempt = `${chunk.step} ${chunk.attempt}`;
    const missed = attempt === end.attempt ? chunk.at - end.at : 0;
    if (missed > 0) display.output(`\n[${formatBytes(missed)} are not shown here]\n`);
    display.output(chunk.text);
    end = { attempt, at: chunk.at + chunk.bytes };
  };
  const unfollow = engine.follow(run, {
    events: (events) => {
      told.push(...events);
      wake();
    },
    // A terminal that a person types in has shown its own already.
    output: (chunk) => chunk.stream !== 'terminal' && show(chunk),
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
      const decision = decide(state, runbook);
      const step = 'step' in decision ? steps.get(decision.step) : undefined;
      const stepState = state.steps.find((candidate) => candidate.id === step?.id);
      const isForPerson =
        (decision.kind === 'act' && !decision.automatic) ||
        decision.kind === 'person' ||
        decision.kind === 'failed' ||
        decision.kind === 'unknown';
      if (isForPerson && step && stepState) {
        const moment: Moment = { decision, step, stepState, state, runbook };
        const command = await person.decide(moment);
        if (!command) return { kind: 'waiting', state, moment };
        await engine.command(run, command);
      } else if (!isRung) {
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
