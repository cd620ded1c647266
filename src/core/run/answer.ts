import type { Problem } from '../problem.ts';
import type { AskAction } from '../runbook/model.ts';
import { readRegularExpression } from '../runbook/pattern/pattern.ts';
import type { Value } from './events.ts';

/** The longest answer a question takes, in characters: what any shell can hold in a variable. */
export const longestAnswer = 4_000;

/** Why `answer` does not answer the question, or null when it does. */
export function refuseAnswer(action: AskAction, answer: Value): Problem | null {
  const text = String(answer);
  if (action.choices.length > 0) {
    if (action.choices.some(({ value }) => value === text)) return null;
    const choices = action.choices.map(({ value }) => `"${value}"`).join(', ');
    return wrongAnswer(
      'answer-not-a-choice',
      `"${brief(text)}" is none of the choices.`,
      `Choose one of ${choices}.`,
    );
  }
  if (text.trim() === '') {
    return wrongAnswer(
      'answer-empty',
      'The answer is empty.',
      'Type an answer, or skip the question with a reason.',
    );
  }
  if (text.length > longestAnswer) {
    const what = `The answer has ${text.length} characters; at most ${longestAnswer} fit.`;
    return wrongAnswer('answer-too-long', what, 'Shorten it, and put the rest into a note.');
  }
  if (text.includes('\0')) {
    return wrongAnswer('answer-not-text', 'The answer contains a null character.', 'Type it anew.');
  }
  return action.pattern === null ? null : refusePattern(action.pattern, text);
}

function refusePattern(pattern: string, text: string): Problem | null {
  const expression = readRegularExpression(pattern);
  if (!expression.ok) {
    return {
      code: 'pattern-broken',
      what: `The runbook's own pattern for this answer is broken: ${pattern}`,
      safe: 'Nothing was changed.',
      next: 'Skip the question with the answer as the reason, and correct the runbook.',
      detail: expression.message,
    };
  }
  if (expression.pattern.test(text)) return null;
  const what = `"${brief(text)}" does not have the form that the runbook asks for.`;
  return wrongAnswer('answer-does-not-match', what, `Give an answer that matches ${pattern}`);
}

function wrongAnswer(code: string, what: string, next: string): Problem {
  return { code, what, safe: 'The question stays open; nothing was changed.', next };
}

/** Enough of an answer to recognise it. */
function brief(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
