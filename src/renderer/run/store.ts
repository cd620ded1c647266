import { create } from 'zustand';
import { type Problem, toProblem } from '../../core/problem.ts';
import { agenda, type Decision } from '../../core/run/agenda.ts';
import { foremost } from '../../core/run/decide.ts';
import type { RunEvent } from '../../core/run/events.ts';
import { fold } from '../../core/run/reduce.ts';
import { specOf } from '../../core/run/specs.ts';
import type { RunState, StepState } from '../../core/run/state.ts';
import type { Runbook, Step } from '../../core/runbook/model.ts';
import type { RunSummary, RunView } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { report } from '../shell/problems.ts';
import { announceEvents } from './announcements.ts';
import { forgetProgress } from './progress.ts';

/** A run as the window knows it: its ledger folded, and what may happen next. */
export interface LoadedRun {
  id: string;
  runbook: Runbook;
  /** The runbook's steps by id. */
  steps: ReadonlyMap<string, Step>;
  state: RunState;
  /** False while of each step only its last attempt is here. */
  isWhole: boolean;
  /** All that may happen next, and of it the one to show. */
  agenda: readonly Decision[];
  decision: Decision;
  /** What may happen next with each step that has its turn. */
  turns: ReadonlyMap<string, Decision>;
  /** The step to show first; while the run is paused the one that would come next. */
  focus: string | null;
}

interface Runs {
  /** Null until main answered for the first time. */
  list: RunSummary[] | null;
  /** Why there is no list. */
  listProblem: Problem | null;
  loaded: Record<string, LoadedRun>;
  /** Why a run could not be loaded, by its id. */
  loadProblems: Record<string, Problem>;
}

export const useRuns = create<Runs>()(() => ({
  list: null,
  listProblem: null,
  loaded: {},
  loadProblems: {},
}));

export function refreshRuns(): void {
  ask('run.list').then(
    (list) => {
      useRuns.setState({ list, listProblem: null });
      // A run that goes on in this window keeps its clocks in view, also after a reload.
      for (const run of list) if (run.driver === 'here' && run.endedAt === null) void load(run.id);
    },
    (thrown) => {
      useRuns.setState({ listProblem: toProblem(thrown) });
      report(thrown);
    },
  );
}

/** So many ended runs are kept at hand; those under way always are. */
const keptEnded = 4;

function put(run: LoadedRun): void {
  useRuns.setState(({ loaded }) => {
    const others = Object.values(loaded).filter((other) => other.id !== run.id);
    const ended = others.filter((other) => other.state.ended !== null).slice(-keptEnded);
    const kept = others.filter((other) => other.state.ended === null || ended.includes(other));
    return { loaded: Object.fromEntries([...kept, run].map((one) => [one.id, one])) };
  });
}

/** What the runbook says of each step that the run has. */
function specsOf(runbook: Runbook, state: RunState): ReadonlyMap<string, Step> {
  return new Map(
    state.steps.flatMap(({ id }) => {
      const spec = specOf(runbook, id);
      return spec ? [[id, spec] as const] : [];
    }),
  );
}

function comingUp(
  state: RunState,
  runbook: Runbook,
): Pick<LoadedRun, 'agenda' | 'decision' | 'turns' | 'focus'> {
  const decisions = agenda(state, runbook);
  const own = decisions.filter((decision) => 'step' in decision);
  const next =
    own.length > 0 || state.paused === null
      ? own
      : agenda({ ...state, paused: null }, runbook).filter((decision) => 'step' in decision);
  const first = foremost(next);
  return {
    agenda: decisions,
    decision: foremost(decisions),
    turns: new Map(own.map((decision) => [decision.step, decision])),
    focus: 'step' in first ? first.step : null,
  };
}

function grown(run: LoadedRun, events: readonly RunEvent[]): LoadedRun {
  const fresh = events.filter((event) => event.run === run.id && event.seq > run.state.lastSeq);
  if (fresh.length === 0) return run;
  const state = fold(fresh, run.state) ?? run.state;
  // Steps are only added, when a list begins or something is taken back.
  const steps = state.layout === run.state.layout ? run.steps : specsOf(run.runbook, state);
  return { ...run, state, steps, ...comingUp(state, run.runbook) };
}

/** Events that arrive while a run is being loaded wait here, so that none falls between. */
const arriving = new Map<string, RunEvent[]>();

function opened({ runbook, state, isWhole }: RunView): LoadedRun {
  return {
    id: state.id,
    runbook,
    steps: specsOf(runbook, state),
    state,
    isWhole,
    ...comingUp(state, runbook),
  };
}

/** Loads a run unless it is here or on its way; of a long one first what there is to see at once. */
export async function load(id: string, again = false): Promise<void> {
  if (arriving.has(id) || (!again && useRuns.getState().loaded[id] !== undefined)) return;
  arriving.set(id, []);
  try {
    const seen = opened(await ask('run.get', { run: id, whole: again }));
    if (!seen.isWhole) put(seen);
    // Of an ended run the rest is seldom looked at, and takes a second; see `loadAttempts`.
    const isEnough = seen.isWhole || (seen.state.ended !== null && arriving.get(id)?.length === 0);
    const run = isEnough ? seen : opened(await ask('run.get', { run: id, whole: true }));
    put(grown(run, arriving.get(id) ?? []));
    if (id in useRuns.getState().loadProblems) {
      const { [id]: _, ...loadProblems } = useRuns.getState().loadProblems;
      useRuns.setState({ loadProblems });
    }
  } catch (thrown) {
    const { loaded, loadProblems } = useRuns.getState();
    // What is on the screen already stays there, and this stands above it.
    if (loaded[id] !== undefined) report(thrown);
    else useRuns.setState({ loadProblems: { ...loadProblems, [id]: toProblem(thrown) } });
  } finally {
    arriving.delete(id);
  }
}

/** Loads the attempts of a step that a glance at a long run left out. */
export function loadAttempts(run: LoadedRun, step: StepState): void {
  if (run.isWhole || (step.attempts[0]?.number ?? 1) === 1) return;
  ask('run.attempts', { run: run.id, step: step.id }).then((attempts) => {
    const now = useRuns.getState().loaded[run.id];
    if (now === undefined || now.isWhole) return;
    const steps = now.state.steps.map((one) => (one.id === step.id ? { ...one, attempts } : one));
    put({ ...now, state: { ...now.state, steps } });
  }, report);
}

export function takeEvents(id: string, events: RunEvent[]): void {
  arriving.get(id)?.push(...events);
  const run = useRuns.getState().loaded[id];
  const first = events[0];
  if (run === undefined || first === undefined || arriving.has(id)) return;
  if (!run.isWhole || first.seq > run.state.lastSeq + 1) {
    // A gap means that something was missed, for example across a reload: read the ledger anew.
    void load(id, true);
    return;
  }
  const next = grown(run, events);
  put(next);
  forgetProgress(id, events);
  announceEvents(
    next,
    events.filter((event) => event.seq > run.state.lastSeq),
  );
}
