import { namesIn, parseExpression } from '../runbook/expression.ts';
import type { Subject } from './subject.ts';

/** Names in conditions, recovery points and shell code, each with the last step that reads it. */
export function lastReads(subject: Subject): ReadonlyMap<string, number> {
  const before = readsOf.get(subject);
  if (before !== undefined) return before;
  const { runbook, steps, shell } = subject;
  const reads = new Map<string, number>();
  const read = (name: string, index: number): void => {
    reads.set(name, Math.max(index, reads.get(name) ?? -1));
  };
  const condition = (text: string | null, index: number): void => {
    const result = text === null ? null : parseExpression(text);
    if (result?.ok === true) for (const { name } of namesIn(result.expression)) read(name, index);
  };
  for (const [index, step] of steps.entries()) {
    condition(step.condition, index);
    // A capture may be the recovery point of its own step.
    if (step.recoveryPoint !== null) read(step.recoveryPoint, index + 1);
    const { action } = step;
    if (action !== null && action.kind !== 'ask') words(action.code, (word) => read(word, index));
    if (action?.kind === 'ask') words(action.question, (word) => read(word, index));
    for (const task of step.tasks) words(task.text, (word) => read(word, index));
    for (const part of step.parts) {
      if (part.kind === 'prose') words(part.markdown, (word) => read(word, index));
    }
  }
  for (const phase of runbook.phases) condition(phase.condition, steps.length);
  // A script of one's own reads its environment where nobody sees it here.
  for (const { index, script } of shell) {
    if (
      script.reliesOnOthers ||
      script.commands.some((command) => isOwnProgram(command.name, command.args[0]?.value))
    ) {
      read(ANY, index);
    }
  }
  readsOf.set(subject, reads);
  return reads;
}

/** Stands for every name. */
export const ANY = '*';
const readsOf = new WeakMap<Subject, ReadonlyMap<string, number>>();

function words(text: string, each: (word: string) => void): void {
  for (const match of text.matchAll(/[A-Za-z_][A-Za-z0-9_]*/g)) each(match[0]);
}

function isOwnProgram(name: string, first: string | undefined): boolean {
  if (/\.(?:sh|bash|py|rb|pl|js|mjs|ts|php)$/.test(name)) return true;
  if (
    /^(?:make|npm|npx|yarn|pnpm|just|task|rake|mvn|gradle|ansible-playbook|terraform|env)$/.test(
      name,
    )
  )
    return true;
  return (
    /^(?:sh|bash|python3?|node|ruby|perl|php)$/.test(name) && first !== undefined && first !== '-c'
  );
}
