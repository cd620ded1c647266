import { outcomeWords } from '../run/happenings.ts';
import type { Verdict } from '../run/objectives.ts';
import { engineName } from '../run/retry.ts';
import type { Attachment } from '../run/state.ts';
import { asSentence, formatBytes, formatDateTime, formatDuration } from '../units.ts';
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
  const { events, bad, head, signed } = model.chain;
  const count = events === 1 ? '1 event' : `${events} events`;
  if (bad === null) {
    const words = `${count}, the hash chain is unbroken. Head: ${head ?? 'none'}.`;
    if (signed === null) return `${words} No signature vouches for it.`;
    const { upTo, fingerprint } = signed;
    return `${words} Signed up to event ${upTo} of ${events} by the key ${fingerprint}.`;
  }
  return `The record is broken at event ${bad.seq}. ${bad.why} Only the ${count} before it can be relied on.`;
}

/** How an attempt ended, in a few words. */
export function attemptWords(attempt: ReportAttempt): string {
  const words: string[] = [];
  if (attempt.rehearsed) words.push('Rehearsed');
  else if (attempt.outcome !== null) words.push(outcomeWords[attempt.outcome]);
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
export function leftOutWords({
  leftOutBytes,
  bytes,
  notKept,
}: NonNullable<ReportAttempt['output']>): string {
  const all = bytes > 0 ? ` of ${formatBytes(bytes)}` : '';
  const here = `${formatBytes(leftOutBytes)}${all} left out here.`;
  if (notKept === null) return `${here} The whole output is kept with the run.`;
  const gone = notKeptWords(notKept);
  return leftOutBytes > 0 ? `${gone} ${here} They are kept with the run.` : gone;
}

/** What a long output is without, in one sentence. */
export function notKeptWords({ bytes, lines }: { bytes: number; lines: number }): string {
  const many = lines === 1 ? '1 line' : `${lines} lines`;
  return `${formatBytes(bytes)} (${many}) were counted and not kept: the output was too long.`;
}

/** An attached file by name, size and hash, and who attached it when. */
export function attachmentWords(file: Attachment, timeZone: string): string {
  const { name, bytes, sha256, by, at } = file;
  const who = `${personName(by)}, ${formatDateTime(at, timeZone)}`;
  return `${name}, ${formatBytes(bytes)}, by ${who}. SHA-256 ${sha256}`;
}

function lookedWords(looks: number): string {
  return looks === 1 ? 'looked once before' : `looked ${looks} times before`;
}

function undoWords({ steps, reason, remains }: NonNullable<ReportModel['undo']>): string {
  const count = steps === 1 ? '1 step' : `${steps} steps`;
  const rest = remains.length === 0 ? '' : ` Not taken back: ${remains.join(', ')}.`;
  return `${count}. ${asSentence(reason)}${rest}`;
}

function estimateWords(estimate: ReportModel['estimate']): string {
  if (estimate === null) return 'not known; no earlier run says';
  const { runs, ms, known, unknown } = estimate;
  const from = runs === 1 ? '1 earlier run' : `${runs} earlier runs`;
  const rest = unknown === 0 ? '' : `, and ${unknown} more of which none says`;
  return `${formatDuration(ms)} for ${known} of its steps by ${from}${rest}`;
}

/** Attempts that are worth a place of their own: of a row of looks in vain, the last. */
export function toldAttempts(step: ReportStep): ReportAttempt[] {
  return step.attempts.filter(
    ({ outcome }, index) =>
      outcome !== 'not-yet' || step.attempts[index + 1]?.outcome !== 'not-yet',
  );
}

/** What an attempt did or found and what shows it, as plain lines. */
export function resultLines({ summary, verdict, rehearsed, evidence }: ReportAttempt): string[] {
  const lines: string[] = [];
  if (summary !== null || verdict !== null) {
    const head = verdict ?? (rehearsed ? 'would be done' : null);
    lines.push([head, summary].filter((part) => part !== null).join(': '));
  }
  if (evidence.length > 0) {
    const names = evidence.map(({ name, bytes }) => `${name} (${formatBytes(bytes)})`);
    lines.push(`Evidence kept with the run: ${names.join(', ')}`);
  }
  return lines;
}

/** When what a step did was taken back; null when it was not. */
export function undoneWords({ undone }: ReportStep, timeZone: string): string | null {
  return undone === null
    ? null
    : `Taken back by ${personName(undone.by)}, ${formatDateTime(undone.at, timeZone)}`;
}

/** The line under a step's title: who, when, how long. */
export function stepFacts(step: ReportStep, timeZone: string): string[] {
  const facts: string[] = [];
  if (step.who.length > 0) facts.push(step.who.map(personName).join(', '));
  const at = step.startedAt ?? step.endedAt;
  if (at !== null) facts.push(formatDateTime(at, timeZone));
  if (step.durationMs !== null) facts.push(formatDuration(step.durationMs));
  const looks = step.attempts.filter(({ outcome }) => outcome === 'not-yet').length;
  const tries = step.attempts.length - looks;
  if (tries > 1) facts.push(`${tries} attempts`);
  if (looks > 0) facts.push(lookedWords(looks));
  if (step.estimateMs !== null) facts.push(`usually ${formatDuration(step.estimateMs)}`);
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
  for (const { role, name, care, identity } of run.targets) {
    const who = identity === '' ? '' : `. ${identity}`;
    facts.push([`Target: ${role}`, `${name}, ${care} care${who}`]);
  }
  for (const { from, to, reason, by } of model.pauses) {
    const lasted = to === null ? '' : ` for ${formatDuration(Date.parse(to) - Date.parse(from))}`;
    facts.push([
      'Paused',
      `${when(from, '')}${lasted}, by ${personName(by)}: ${asSentence(reason)} It is part of the measured times.`,
    ]);
  }
  if (model.undo !== null) facts.push(['Taken back', undoWords(model.undo)]);
  if (run.mode === 'rehearsal') facts.push(['Would take', estimateWords(model.estimate)]);
  if (run.range !== null) facts.push(['Practice range', run.range]);
  if (run.reason !== null) facts.push(['Reason', run.reason]);
  return facts;
}
