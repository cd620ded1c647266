import { outcomeWords } from '../run/happenings.ts';
import type { Verdict } from '../run/objectives.ts';
import { engineName } from '../run/retry.ts';
import type { Attachment } from '../run/state.ts';
import { formatBytes, formatDateTime, formatDuration } from '../units.ts';
import type { ReportAttempt, ReportModel, ReportStep } from './report.ts';

/** The words that the report uses in every format. */

export const statusWords: Record<ReportStep['status'], string> = {
  pending: 'Not begun',
  running: 'Running',
  waiting: 'Waiting',
  succeeded: 'Done',
  failed: 'Failed',
  skipped: 'Skipped',
  cancelled: 'Cancelled',
  unknown: 'End unknown',
};

export const modeWords: Record<ReportModel['run']['mode'], string> = {
  rehearsal: 'Rehearsal',
  drill: 'Drill',
  incident: 'Incident',
  maintenance: 'Maintenance',
};

export const verdictWords: Record<Verdict, string> = {
  met: 'Met',
  missed: 'Missed',
  unproven: 'Not proven',
};

export function outcomeWord(model: ReportModel): string {
  const { outcome } = model.run;
  if (outcome === null) return 'Not ended';
  return { succeeded: 'Succeeded', failed: 'Failed', aborted: 'Aborted' }[outcome];
}

export function personName(by: string): string {
  return by === engineName ? 'Muster' : by;
}

export function promised(ms: number | null): string {
  return ms === null ? 'none promised' : formatDuration(ms);
}

export function measured(ms: number | null): string {
  if (ms === null) return 'not measured';
  return ms >= 0 ? formatDuration(ms) : `nothing lost (${formatDuration(-ms)} past declared)`;
}

/** What the check of the hash chain said, as a sentence or two. */
export function chainWords(model: ReportModel): string {
  const { events, bad, head } = model.chain;
  const count = events === 1 ? '1 event' : `${events} events`;
  if (bad === null) return `${count}, the hash chain is unbroken. Head: ${head ?? 'none'}.`;
  return `The record is broken at event ${bad.seq}. ${bad.why} Only the ${count} before it can be relied on.`;
}

/** How an attempt ended, in a few words. */
export function attemptWords(attempt: ReportAttempt): string {
  const words: string[] = [];
  if (attempt.outcome !== null) words.push(outcomeWords[attempt.outcome]);
  else words.push(attempt.endedAt === null ? 'Not ended' : 'Ended by the skip');
  if (attempt.timedOut) words.push('timed out');
  if (attempt.exitCode !== null) words.push(`exit code ${attempt.exitCode}`);
  if (attempt.signal !== null) words.push(`signal ${attempt.signal}`);
  if (attempt.durationMs !== null) words.push(formatDuration(attempt.durationMs));
  return words.join(', ');
}

export function resolvedWords(attempt: ReportAttempt, timeZone: string): string | null {
  const { resolved } = attempt;
  if (resolved === null) return null;
  const as = { succeeded: 'done', failed: 'failed', retry: 'to be tried again' }[resolved.as];
  const when = formatDateTime(resolved.at, timeZone);
  return `Resolved as ${as} by ${personName(resolved.by)}, ${when}: ${resolved.reason}`;
}

/** Where an output was shortened, as a plain line. */
export function leftOutWords(leftOutBytes: number, bytes: number): string {
  const all = bytes > 0 ? ` of ${formatBytes(bytes)}` : '';
  return `${formatBytes(leftOutBytes)}${all} left out here. The whole output is kept with the run.`;
}

/** An attached file by name, size and hash, and who attached it when. */
export function attachmentWords(file: Attachment, timeZone: string): string {
  const { name, bytes, sha256, by, at } = file;
  const who = `${personName(by)}, ${formatDateTime(at, timeZone)}`;
  return `${name}, ${formatBytes(bytes)}, by ${who}. SHA-256 ${sha256}`;
}

/** The line under a step's title: who, when, how long. */
export function stepFacts(step: ReportStep, timeZone: string): string[] {
  const facts: string[] = [];
  if (step.who.length > 0) facts.push(step.who.map(personName).join(', '));
  const at = step.startedAt ?? step.endedAt;
  if (at !== null) facts.push(formatDateTime(at, timeZone));
  if (step.durationMs !== null) facts.push(formatDuration(step.durationMs));
  if (step.attempts.length > 1) facts.push(`${step.attempts.length} attempts`);
  if (step.risk !== 'safe') facts.push(step.risk);
  return facts;
}

/** Name and value of the facts at the head of the report. */
export function headFacts(model: ReportModel): [string, string][] {
  const { run, timeZone } = model;
  const when = (iso: string | null, none: string): string =>
    iso === null ? none : formatDateTime(iso, timeZone);
  const facts: [string, string][] = [
    ['Mode', modeWords[run.mode]],
    ['Operator', run.operator],
    ['Host', run.host],
    ['Began', when(run.createdAt, '')],
    ['Ended', when(run.endedAt, 'not ended')],
    ['Took', run.durationMs === null ? 'not known' : formatDuration(run.durationMs)],
    ['Declared', when(model.declaredAt, 'not declared')],
    [
      'Recovery point',
      model.recoveryPoint === null
        ? 'none proven'
        : `${when(model.recoveryPoint.at, '')}, proven by ${model.recoveryPoint.step}`,
    ],
  ];
  if (run.range !== null) facts.push(['Practice range', run.range]);
  if (run.reason !== null) facts.push(['Reason', run.reason]);
  return facts;
}
