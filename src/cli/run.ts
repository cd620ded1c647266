import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve as absolute, join } from 'node:path';
import { readApproval } from '../core/approval/files.ts';
import { MusterError } from '../core/problem.ts';
import type { Command } from '../core/run/commands.ts';
import type { RunMode, Value } from '../core/run/events.ts';
import { allSteps, type Risk, type Runbook } from '../core/runbook/model.ts';
import type { Engine } from '../engine/api.ts';
import { openRunbook } from '../engine/library/open-runbook.ts';
import { readRun } from '../engine/read-run.ts';
import { makeReport } from '../engine/report.ts';
import type { Store } from '../store/open.ts';
import { attend, type Ending } from './attend.ts';
import { bundledRunbook } from './bundled.ts';
import { jsonDisplay, textDisplay } from './display.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { terminalHost } from './interactive.ts';
import { checkAnswers, checkResolutions } from './named-steps.ts';
import { eitherPerson, type Person, scriptedPerson } from './person.ts';
import { readText } from './text-file.ts';
import { typingPerson } from './typing-person.ts';
import { openEngine, openWorkplace } from './workplace.ts';

interface DriveOptions {
  auto?: true;
  answer: string[];
  yes?: Risk;
  json?: true;
}

export interface RunOptions extends DriveOptions {
  input: string[];
  mode: RunMode;
  target: string[];
  from?: string;
  only: string[];
}

export interface ResumeOptions extends DriveOptions {
  approval: string[];
  resolve: string[];
  reason: string;
}

/** `muster run FILE`. */
export async function run(file: string, options: RunOptions): Promise<ExitCode> {
  const path = absolute(process.env.INIT_CWD ?? '.', file);
  const opened = await openRunbook(path);
  const inputs: Record<string, Value> = pairs(options.input, '--input');
  checkAnswers(opened.runbook, pairs(options.answer, '--answer'));
  const pace = paceOf(options);
  const person = personOf(options, false);
  const targets = pairs(options.target, '--target');
  const only = selectionOf(opened.runbook, options);
  const { ending } = await withEngine(options, person, (engine) =>
    engine.start({ opened, mode: options.mode, inputs, targets, only, ...pace }),
  );
  return exitCodeOf(ending);
}

/** `muster resume RUN`. */
export async function resume(id: string, options: ResumeOptions): Promise<ExitCode> {
  const resolutions = pairs(options.resolve, '--resolve');
  const person = eitherPerson(
    resolvingPerson(resolutions, options.reason),
    eitherPerson(approvingPerson(options.approval), personOf(options, false)),
  );
  const { ending } = await withEngine(options, person, async (engine, store) => {
    const { runbook, state } = readRun(store, id);
    checkAnswers(runbook, pairs(options.answer, '--answer'));
    checkResolutions(runbook, state, resolutions);
    await engine.resume(id);
    if (state.paused !== null) await engine.command(id, { kind: 'resume', reason: null });
    if (options.auto || options.yes) {
      await engine.command(id, { kind: 'pace', ...paceOf(options) });
    }
    return id;
  });
  return exitCodeOf(ending);
}

export interface AbortOptions {
  reason: string;
  undo?: true;
  yes?: Risk;
  json?: true;
}

/** `muster abort RUN`: ends a run, and with `--undo` takes back first what it did. */
export async function abort(id: string, options: AbortOptions): Promise<ExitCode> {
  const person = personOf({ answer: [], ...(options.json ? { json: true } : {}) }, false);
  const { ending } = await withEngine(options, person, async (engine) => {
    await engine.resume(id);
    // What is taken back is carried out by itself up to the risk that --yes allows.
    const pace = { auto: true, allow: options.yes ?? 'safe' } as const;
    if (options.undo) await engine.command(id, { kind: 'pace', ...pace });
    const { reason, undo = false } = options;
    await engine.command(id, { kind: 'abort', reason, undo });
    return id;
  });
  return exitCodeOf(ending);
}

/** `muster practice`: the drill to its end without a question, and its report as a file. */
export async function practice(options: { json?: true }): Promise<ExitCode> {
  const opened = await openRunbook(bundledRunbook('practice/restore-orders.md'));
  const all = { auto: true, allow: 'destructive' } as const;
  const person = personOf({ answer: [] }, true);
  const { ending, report } = await withEngine(options, person, (engine) =>
    engine.start({ opened, mode: 'drill', inputs: {}, targets: {}, only: null, ...all }),
  );
  if (report !== null) process.stderr.write(`Report: ${report}\n`);
  return exitCodeOf(ending);
}

/** Opens the store, drives the run that `begin` names to its end, shows it and lets go. */
async function withEngine(
  options: { json?: true },
  person: Person,
  begin: (engine: Engine, store: Store) => Promise<string>,
): Promise<{ ending: Ending; report: string | null }> {
  const store = openWorkplace();
  const engine = openEngine(store, process.stdin.isTTY ? terminalHost() : null);
  const interrupt = new AbortController();
  const letGo = (): void => interrupt.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, letGo);
  // What an abrupt end of this process says, until the run's own end says more.
  process.exitCode = exitCodes.interrupted;
  try {
    const id = await begin(engine, store);
    const runbook = readRun(store, id).runbook;
    const display = options.json ? jsonDisplay() : textDisplay(runbook);
    const { signal } = interrupt;
    const ending = await attend({
      engine,
      store,
      run: id,
      runbook,
      person,
      display,
      interrupt: signal,
    });
    display.ending(ending);
    return { ending, report: saveReport(store, id) };
  } finally {
    await engine.close();
    store.close();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, letGo);
  }
}

/** The path of the report. Null where it could not be written: the record has all that is in it. */
function saveReport(store: Store, id: string): string | null {
  const folder = join(store.home, 'reports');
  const file = join(folder, `${id}.html`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, makeReport(store, id, 'html'), { mode: 0o600 });
    return file;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `The report could not be kept: ${why}\nThe record is complete. Make it with: muster report ${id}\n`,
    );
    return null;
  }
}

function personOf(options: { answer: string[]; json?: true }, practise: boolean): Person {
  const scripted = scriptedPerson(pairs(options.answer, '--answer'), { practise });
  const canType = process.stdin.isTTY && process.stdout.isTTY && !options.json && !practise;
  return canType ? eitherPerson(scripted, typingPerson()) : scripted;
}

/** Brings in each signed approval, where the run waits for the step that it names. */
function approvingPerson(files: readonly string[]): Person {
  const open = new Map(
    files.map((file) => {
      const text = readText(file);
      return [readApproval(text, file).statement.step, text] as const;
    }),
  );
  return {
    decide: async ({ decision, id }) => {
      const text = open.get(id);
      if (text === undefined || decision.kind !== 'person' || decision.needs !== 'approval') {
        return null;
      }
      open.delete(id);
      return { kind: 'approve', step: id, proof: { method: 'file', text } };
    },
  };
}

/** Does with each named step what `--resolve` says, once. */
function resolvingPerson(resolutions: Record<string, string>, reason: string): Person {
  const open = new Map(Object.entries(resolutions));
  return {
    decide: async ({ decision, id }) => {
      const what = open.get(id);
      if (what === undefined || (decision.kind !== 'unknown' && decision.kind !== 'failed'))
        return null;
      open.delete(id);
      return resolution(decision.kind, id, what, reason);
    },
  };
}

function resolution(
  kind: 'unknown' | 'failed',
  step: string,
  what: string,
  reason: string,
): Command {
  if (kind === 'failed') {
    if (what === 'retry') return { kind: 'start', step };
    if (what === 'skip') return { kind: 'skip', step, reason };
  } else if (what === 'succeeded' || what === 'failed' || what === 'retry') {
    return { kind: 'resolve', step, as: what, reason };
  }
  throw new MusterError({
    code: 'bad-argument',
    what: `Step ${step} is ${kind}; --resolve ${step}=${what} does not fit that.`,
    safe: 'The run is as it was.',
    next: 'Use retry or skip for a failed step; succeeded, failed or retry for an unknown one.',
  });
}

function paceOf(options: DriveOptions): { auto: boolean; allow: Risk } {
  return { auto: Boolean(options.auto || options.yes), allow: options.yes ?? 'safe' };
}

/** The steps that `--from` and `--only` choose; null for all. */
function selectionOf(
  runbook: Runbook,
  { from, only }: Pick<RunOptions, 'from' | 'only'>,
): string[] | null {
  if (from === undefined) return only.length > 0 ? only : null;
  const ids = allSteps(runbook).map(({ id }) => id);
  const at = ids.indexOf(from);
  // An unknown id is refused with the others, by the engine.
  return at < 0 ? [from, ...only] : [...ids.slice(at), ...only];
}

function pairs(texts: readonly string[], option: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at <= 0) {
      throw new MusterError({
        code: 'bad-argument',
        what: `${option} ${text} is not of the form NAME=VALUE.`,
        safe: 'Nothing has run.',
        next: `Write it as ${option} NAME=VALUE.`,
      });
    }
    found[text.slice(0, at)] = text.slice(at + 1);
  }
  return found;
}

function exitCodeOf(ending: Ending): ExitCode {
  switch (ending.kind) {
    case 'ended': {
      const outcome = ending.state.ended?.outcome;
      if (outcome === 'succeeded') return exitCodes.ok;
      return outcome === 'aborted' ? exitCodes.aborted : exitCodes.failed;
    }
    case 'waiting':
      return ['failed', 'unknown'].includes(ending.moment.decision.kind)
        ? exitCodes.failed
        : exitCodes.waiting;
    case 'paused':
      return exitCodes.waiting;
    case 'stopped':
      return exitCodes.refused;
    case 'interrupted':
      return exitCodes.interrupted;
  }
}
