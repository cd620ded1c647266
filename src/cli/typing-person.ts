import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { demandOf, guardedTarget } from '../core/run/care.ts';
import type { Command } from '../core/run/commands.ts';
import { refuse } from '../core/run/refuse.ts';
import type { Step } from '../core/runbook/model.ts';
import type { Moment, Person } from './person.ts';

/** Somebody at the keyboard of this terminal. */
export function typingPerson(): Person {
  return {
    async decide(moment) {
      const { output, hide } = quietableOutput();
      const lines = createInterface({ input: process.stdin, output, terminal: true });
      try {
        // At the end of the input, or at Ctrl-C, nobody is there to answer.
        const gone = new Promise<'leave'>((resolve) => lines.once('close', () => resolve('leave')));
        for (;;) {
          const command = await Promise.race([
            askFor(moment, (prompt) => lines.question(prompt), hide),
            gone,
          ]);
          if (command !== 'again') return command;
        }
      } finally {
        lines.close();
      }
    },
  };
}

type Ask = (prompt: string) => Promise<string>;
/** Does `work` without showing what is typed meanwhile. */
type Hide = <T>(work: () => Promise<T>) => Promise<T>;

function quietableOutput(): { output: Writable; hide: Hide } {
  let isQuiet = false;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!isQuiet) process.stdout.write(chunk);
      done();
    },
  });
  return {
    output,
    async hide(work) {
      isQuiet = true;
      try {
        return await work();
      } finally {
        isQuiet = false;
        process.stdout.write('\n');
      }
    },
  };
}

/** `again`: what was typed was none of the choices. */
type Choice = Command | 'again' | 'leave' | null;

async function askFor(moment: Moment, ask: Ask, hide: Hide): Promise<Choice> {
  const { decision, id, step, stepState } = moment;
  if (decision.kind === 'person' && decision.needs === 'approval') {
    const typed = await ask(
      `  ${step.action?.kind === 'approve' ? step.action.statement : step.title}\n  A second person has to approve this. p with their PIN, s skip, n note, a abort, q leave: `,
    );
    return typed.trim() === 'p' ? approvalFrom(id, ask, hide) : common(typed, id, ask);
  }
  if (decision.kind === 'act') {
    process.stdout.write(whatRuns(id, step));
    return startFrom(moment, { word: '', says: '[Enter] run' }, ask);
  }
  if (decision.kind === 'failed') return startFrom(moment, { word: 'r', says: 'r retry' }, ask);
  if (decision.kind === 'unknown') {
    const typed = await ask(`  Its end is unknown. d done, f failed, r retry, q leave: `);
    const as = ({ d: 'succeeded', f: 'failed', r: 'retry' } as const)[typed.trim()];
    if (!as) return common(typed, id, ask);
    return { kind: 'resolve', step: id, as, reason: await reasonFrom(ask) };
  }
  if (decision.needs === 'answer') return answerFrom(moment, ask);
  const open = stepState.ticks.indexOf(null);
  const task = step.tasks[open];
  const question = task ? `  [ ] ${task.text}\n  Done?` : `${queryOf(step)}  Done?`;
  const typed = await ask(`${question} [Enter] yes, f failed, s skip, n note, a abort, q leave: `);
  if (typed.trim() === 'f') return { kind: 'fail', step: id, reason: await reasonFrom(ask) };
  if (typed.trim() !== '') return common(typed, id, ask);
  return task ? { kind: 'tick', step: id, task: open, done: true } : { kind: 'confirm', step: id };
}

/** A range may be broken at will; elsewhere nothing is put at risk by one key. */
async function startFrom(
  { id, step, stepState, state }: Moment,
  plain: { word: string; says: string },
  ask: Ask,
): Promise<Choice> {
  const demand = demandOf(state, step, stepState.risk);
  const target = guardedTarget(state, step, stepState.risk);
  const word = demand === 'run' ? plain.word : demand === 'confirm' ? 'run' : (target ?? 'run');
  const on = target === null ? '' : ` on the critical target ${target}`;
  const says =
    demand === 'run'
      ? `  Run it? ${plain.says}`
      : `  ${capital(stepState.risk)}${on}. Type ${word} to run it`;
  const typed = await ask(`${says}, s skip, n note, a abort, q leave: `);
  if (typed.trim() !== word) return common(typed, id, ask);
  return { kind: 'start', step: id, ...(target === null ? {} : { confirmed: target }) };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** The step that would run, in full: nobody says yes to what they cannot see. */
function whatRuns(id: string, step: Step): string {
  const risk = step.risk === 'safe' ? '' : ` (${step.risk})`;
  const { action } = step;
  const code = action?.kind === 'shell' || action?.kind === 'structured' ? action.code : '';
  const lines = code.split('\n').map((line) => `    ${line}`);
  return `\nNext: ${step.title} [${id}]${risk}\n${lines.join('\n')}\n`;
}

/** The query that a person runs elsewhere, or nothing. */
function queryOf(step: Step): string {
  const { action } = step;
  if (action?.kind !== 'sql' && action?.kind !== 'prometheus') return '';
  const lines = action.code.split('\n').map((line) => `    ${line}`);
  return `${lines.join('\n')}\n  Muster shows this query; run it where you run queries.\n`;
}

async function approvalFrom(step: string, ask: Ask, hide: Hide): Promise<Choice> {
  const approver = (await ask('  Who approves? ')).trim();
  if (approver === '') return 'again';
  process.stdout.write(`  PIN of ${approver}: `);
  const pin = await hide(() => ask(''));
  return pin === '' ? 'again' : { kind: 'approve', step, proof: { method: 'pin', approver, pin } };
}

async function answerFrom(moment: Moment, ask: Ask): Promise<Choice> {
  const { id, step, state, runbook } = moment;
  if (step.action?.kind !== 'ask') return null;
  const { choices, question } = step.action;
  const list = choices.map(({ label }, index) => `    ${index + 1}  ${label}\n`).join('');
  const typed = (await ask(`  ${question}\n${list}  Answer: `)).trim();
  const answer = choices[Number(typed) - 1]?.value ?? typed;
  const command: Command = { kind: 'answer', step: id, answer };
  const problem = refuse(state, runbook, command);
  if (!problem) return command;
  process.stdout.write(`  ${problem.what} ${problem.next}\n`);
  return 'again';
}

async function common(typed: string, step: string, ask: Ask): Promise<Choice> {
  switch (typed.trim()) {
    case 's':
      return { kind: 'skip', step, reason: await reasonFrom(ask) };
    case 'n':
      return { kind: 'note', step, text: await filled(ask, '  Note: ') };
    case 'a':
      return abortFrom(ask);
    case 'q':
      return 'leave';
    default:
      return 'again';
  }
}

async function abortFrom(ask: Ask): Promise<Command> {
  const reason = await reasonFrom(ask);
  const typed = await ask(
    '  Take back what was done, newest first, where the runbook says how? y, N: ',
  );
  return { kind: 'abort', reason, undo: /^y(es)?$/i.test(typed.trim()) };
}

const reasonFrom = (ask: Ask): Promise<string> => filled(ask, '  Why? ');

async function filled(ask: Ask, prompt: string): Promise<string> {
  for (;;) {
    const typed = (await ask(prompt)).trim();
    if (typed !== '') return typed;
  }
}
