import { formatDateTime, formatTime } from '../units.ts';
import { readable } from './readable.ts';
import type { ReportAttempt, ReportModel, ReportStep } from './report.ts';
import * as words from './report-words.ts';

/** The report as Markdown. Values of the run never become markup: they are escaped or fenced. */
export function reportMarkdown(model: ReportModel): string {
  const { run } = model;
  const blocks = [
    `# ${inline(run.title)}: ${words.outcomeWord(model)}`,
    table(['', ''], words.headFacts(model)),
    '## Objectives',
    ...objectives(model),
    '## Timeline',
    table(
      ['Time', 'What happened', 'By'],
      model.timeline.map(({ time, text, by }) => [
        formatDateTime(time, model.timeZone),
        text,
        by === null ? '' : words.personName(by),
      ]),
    ),
    '## Steps',
    ...model.phases.flatMap((phase) => [
      `### ${inline(phase.title)}`,
      ...phase.steps.flatMap((step) => stepBlocks(step, model.timeZone)),
    ]),
    ...section('## Notes', notes(model.notes, model.timeZone)),
    ...section('## Attachments', attachments(model.attachments, model.timeZone)),
    ...section(
      '## Inputs',
      model.inputs.length === 0
        ? []
        : [
            table(
              ['Input', 'Value'],
              model.inputs.map(({ name, value, isReference }) => [
                name,
                isReference ? `secret, by reference ${value}` : String(value),
              ]),
            ),
          ],
    ),
    '## Record',
    table(
      ['', ''],
      [
        ['Run', run.id],
        ['Runbook', run.path ?? 'not from a file'],
        ['Runbook SHA-256', run.sha256],
        ['Events', words.chainWords(model)],
        [
          'Written',
          `${formatDateTime(model.writtenAt, model.timeZone)} by Muster ${run.musterVersion}`,
        ],
        ['Local times', model.timeZone],
      ],
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function section(heading: string, blocks: string[]): string[] {
  return blocks.length === 0 ? [] : [heading, ...blocks];
}

function objectives(model: ReportModel): string[] {
  if (model.measures.length === 0) return ['The runbook promises no recovery objectives.'];
  const rows = model.measures.map((one) => [
    one.component,
    words.promised(one.rtoPromisedMs),
    words.measured(one.rtoMs),
    words.promised(one.rpoPromisedMs),
    words.measured(one.rpoMs),
    one.proof === null
      ? 'none'
      : `${formatDateTime(one.proof.at, model.timeZone)}, ${one.proof.step}`,
    words.verdictWords[one.verdict],
  ]);
  const heads = ['Component', 'RTO promised', 'RTO measured', 'RPO promised', 'RPO measured'];
  return [table([...heads, 'Proof', 'Verdict'], rows)];
}

function stepBlocks(step: ReportStep, timeZone: string): string[] {
  const facts = words.stepFacts(step, timeZone).map(inline).join(' · ');
  const lines: string[] = [];
  if (step.skipped !== null) lines.push(`- Skipped: ${inline(step.skipped.reason)}`);
  const undone = words.undoneWords(step, timeZone);
  if (undone !== null) lines.push(`- ${inline(undone)}`);
  if (step.answer !== null) lines.push(`- Answer: ${inline(String(step.answer))}`);
  for (const { text, ticked } of step.tasks) {
    const who =
      ticked === null
        ? ''
        : ` (${inline(words.personName(ticked.by))}, ${formatTime(ticked.at, timeZone)})`;
    lines.push(`- [${ticked === null ? ' ' : 'x'}] ${inline(text)}${who}`);
  }
  return [
    `#### ${words.statusWords[step.status]}: ${inline(step.title)}`,
    ...(facts === '' ? [] : [facts]),
    ...(lines.length === 0 ? [] : [lines.join('\n')]),
    ...(step.text === null ? [] : [textBlock(step.text, step.language)]),
    ...words.toldAttempts(step).flatMap((attempt) => attemptBlocks(step, attempt, timeZone)),
    ...notes(step.notes, timeZone),
    ...attachments(step.attachments, timeZone),
  ];
}

/** Commands as they stood in the runbook, or the question that was asked. */
function textBlock(text: string, language: string | null): string {
  return language === null ? inline(text) : fence(text, language);
}

function attemptBlocks(step: ReportStep, attempt: ReportAttempt, timeZone: string): string[] {
  const blocks: string[] = [];
  const many = step.attempts.length > 1;
  if (many || step.does === 'shell' || step.does === 'action') {
    const name = many ? `Attempt ${attempt.number}: ` : '';
    blocks.push(inline(`${name}${words.attemptWords(attempt)}`));
  }
  blocks.push(...words.resultLines(attempt).map(inline));
  const { problem } = attempt;
  if (problem !== null) blocks.push(inline(`${problem.what} ${problem.safe}`));
  const resolved = words.resolvedWords(attempt, timeZone);
  if (resolved !== null) blocks.push(inline(resolved));
  const captures = Object.entries(attempt.captures);
  if (captures.length > 0) {
    blocks.push(captures.map(([name, value]) => `- ${inline(name)} = ${inline(value)}`).join('\n'));
  }
  const { output } = attempt;
  if (output === null || output.start + output.end === '') return blocks;
  blocks.push(fence(output.start, 'text'));
  if (output.leftOutBytes > 0 || output.notKept !== null) {
    blocks.push(inline(words.leftOutWords(output)));
    if (output.end !== '') blocks.push(fence(output.end, 'text'));
  }
  return blocks;
}

function notes(list: ReportStep['notes'], timeZone: string): string[] {
  return list.map(({ text, by, at }) => {
    const head = `Note by ${words.personName(by)}, ${formatDateTime(at, timeZone)}:`;
    return `> ${inline(head)}\n>\n> ${text.split('\n').map(inline).join('  \n> ')}`;
  });
}

function attachments(list: ReportStep['attachments'], timeZone: string): string[] {
  const lines = list.map((file) => `- Attached: ${inline(words.attachmentWords(file, timeZone))}`);
  return lines.length === 0 ? [] : [lines.join('\n')];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(inline).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

/** A value within a line of Markdown, with nothing left that could be markup. */
function inline(text: string): string {
  return readable(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(
      /[\\`*_[\]<>|~#!&{}$]|^[-+=](?=\s|$|[-=])|^\d+(?=[.)](?:\s|$))|(?<=:)\/\/|@(?=\w)/g,
      escapeMark,
    );
}

/** Escapes one match of `inline`; a number before a dot gets its backslash behind it. */
function escapeMark(match: string): string {
  if (/^\d/.test(match)) return `${match}\\`;
  return match === '//' ? '\\/\\/' : `\\${match}`;
}

/** Text in a fence that is longer than any row of backticks in it. */
function fence(text: string, language: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 2);
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${readable(text).replace(/\n+$/, '')}\n${ticks}`;
}
