import type { Command } from '../core/run/commands.ts';
import type { Decision } from '../core/run/decide.ts';
import type { RunState, StepState } from '../core/run/state.ts';
import type { Runbook, Step } from '../core/runbook/model.ts';

/** A moment of a run that needs a person. */
export interface Moment {
  decision: Extract<Decision, { kind: 'act' | 'person' | 'failed' | 'unknown' }>;
  step: Step;
  stepState: StepState;
  state: RunState;
  runbook: Runbook;
}

/** Whoever answers for the operator: someone at the keyboard, or what the command line said. */
export interface Person {
  /** What to do, or null when this person cannot say; then the run waits. */
  decide(moment: Moment): Promise<Command | null>;
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
    decide: async ({ decision, step, stepState }) => {
      if (decision.kind !== 'person') return null;
      const given = answers[step.id];
      if (decision.needs === 'answer') {
        const first =
          step.action?.kind === 'ask' ? (step.action.choices[0]?.value ?? 'yes') : 'yes';
        const answer = given ?? (options.practise ? first : undefined);
        return answer === undefined ? null : { kind: 'answer', step: step.id, answer };
      }
      if (given === undefined && !options.practise) return null;
      if (given === 'no') return { kind: 'fail', step: step.id, reason: 'Answered no.' };
      const open = stepState.ticks.indexOf(null);
      if (open >= 0) return { kind: 'tick', step: step.id, task: open, done: true };
      return { kind: 'confirm', step: step.id };
    },
  };
}

/** Asks the first one, and where it cannot say, the second. */
export function eitherPerson(first: Person, second: Person): Person {
  return { decide: async (moment) => (await first.decide(moment)) ?? second.decide(moment) };
}
