import type { Decision } from '../core/run/agenda.ts';
import type { Command } from '../core/run/commands.ts';
import type { RunState, StepState } from '../core/run/state.ts';
import type { Runbook, Step } from '../core/runbook/model.ts';

/** A moment of a run that needs a person. */
export interface Moment {
  decision: Extract<Decision, { kind: 'act' | 'person' | 'failed' | 'unknown' }>;
  /** The step's id in the run; of one item of a list another than the runbook's. */
  id: string;
  step: Step;
  stepState: StepState;
  state: RunState;
  runbook: Runbook;
}

/** Whoever answers for the operator: someone at the keyboard, or what the command line said. */
export interface Person {
  /** What to do; null when this person cannot say, `leave` to let the run wait. */
  decide(moment: Moment): Promise<Command | 'leave' | null>;
}

/**
 * Answers from the command line: `--answer STEP=VALUE` answers a question, and for a step that is
 * done by hand any value but `no` says that it is done. `practise` also takes the first choice of
 * a question and ticks what is left, which only the practice drill may do.
 */
export function scriptedPerson(
  answers: Readonly<Record<string, string>>,
  options: { practise: boolean },
): Person {
  return {
    decide: async ({ decision, id, step, stepState }) => {
      if (decision.kind !== 'person' || decision.needs === 'approval') return null;
      const given = answers[id];
      if (decision.needs === 'answer') {
        const first =
          step.action?.kind === 'ask' ? (step.action.choices[0]?.value ?? 'yes') : 'yes';
        const answer = given ?? (options.practise ? first : undefined);
        return answer === undefined ? null : { kind: 'answer', step: id, answer };
      }
      if (given === undefined && !options.practise) return null;
      if (given === 'no') return { kind: 'fail', step: id, reason: 'Answered no.' };
      const open = stepState.ticks.indexOf(null);
      if (open >= 0) return { kind: 'tick', step: id, task: open, done: true };
      return { kind: 'confirm', step: id };
    },
  };
}

/** Asks the first one, and where it cannot say, the second. */
export function eitherPerson(first: Person, second: Person): Person {
  return { decide: async (moment) => (await first.decide(moment)) ?? second.decide(moment) };
}
