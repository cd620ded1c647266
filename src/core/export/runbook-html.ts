import { escapeHtml as esc } from '../escape-html.ts';
import type { ReviewState } from '../review/state.ts';
import { dayOf, reviewSentence, reviewStateWords } from '../review/words.ts';
import { Findings } from '../runbook/findings.ts';
import { readFrontMatter } from '../runbook/front-matter.ts';
import { splitLines } from '../runbook/lines.ts';
import type { Runbook } from '../runbook/model.ts';
import { formatDateTime, formatDuration } from '../units.ts';
import { contents, marksOf } from './contents.ts';
import { markdownHtml } from './markdown-html.ts';
import { exportStyle } from './style.ts';

export interface ExportedRunbook {
  /** The file's name as a reader elsewhere knows it. */
  path: string;
  text: string;
  /** SHA-256 (hex) of the file. */
  sha256: string;
  runbook: Runbook;
  review: ReviewState;
}

/** When, where and by which Muster a file is written. */
export interface ExportOrigin {
  writtenAt: string;
  timeZone: string;
  version: string;
}

/**
 * One runbook as one HTML file that needs nothing else: no script, no font, no picture, no network.
 * Every word of the text is in it, and nothing of the text becomes markup by itself.
 */
export function runbookHtml(exported: ExportedRunbook, origin: ExportOrigin): string {
  const body = bookHtml(exported, origin, { prefix: '', level: 1 });
  return page(exported.runbook.title, `${body}\n${end(origin)}`);
}

/** Many runbooks as one such file, with an index before them. */
export function libraryHtml(
  title: string,
  books: readonly ExportedRunbook[],
  origin: ExportOrigin,
): string {
  const rows = books.map(
    ({ runbook, path, review }, index) => `<tr>
<th scope="row"><a href="#book-${index + 1}">${esc(runbook.title)}</a><small><br>${esc(path)}</small></th>
<td>${esc(runbook.system ?? '')}</td>
<td>${esc(runbook.owner ?? '')}</td>
<td>${reviewStateWords[review.state]}</td>
<td>${review.review?.dueAt ? dayOf(review.review.dueAt, origin.timeZone) : ''}</td>
</tr>`,
  );
  const sections = books.map((book, index) => {
    const prefix = `book-${index + 1}-`;
    return `<section class="book" id="book-${index + 1}">${bookHtml(book, origin, { prefix, level: 2 })}</section>`;
  });
  return page(
    title,
    `<header>
<p class="kind">${books.length === 1 ? '1 runbook' : `${books.length} runbooks`}</p>
<h1>${esc(title)}</h1>
</header>
<section aria-labelledby="index">
<h2 id="index">Index</h2>
<div class="scroll"><table class="index">
<thead><tr><th scope="col">Runbook</th><th scope="col">System</th><th scope="col">Owner</th><th scope="col">Review</th><th scope="col">Due</th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table></div>
</section>
${sections.join('\n')}
${end(origin)}`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${esc(title)}</title>
<style>${exportStyle}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

function end({ writtenAt, timeZone, version }: ExportOrigin): string {
  return `<footer class="end"><p>Written ${esc(formatDateTime(writtenAt, timeZone))} by Muster ${esc(version)}. Boxes can be ticked here and on paper; nothing is recorded by that. Line numbers are those of the file. To see whether a file is still the one shown, compare its SHA-256, for example with <code>sha256sum</code>.</p></footer>`;
}

interface Place {
  prefix: string;
  /** Level of the runbook's title. */
  level: 1 | 2;
}

function bookHtml(book: ExportedRunbook, origin: ExportOrigin, { prefix, level }: Place): string {
  const { runbook, text, sha256, review } = book;
  const lines = splitLines(text);
  const header = readFrontMatter(lines, new Findings()).lines;
  const body = markdownHtml({
    lines: lines.map((line, index) => (index < header ? '' : line)),
    marks: marksOf(runbook),
    prefix,
    shift: level - 1,
    title: runbook.title,
  });
  const kind = runbook.kind ?? (runbook.format === 'guide' ? 'plain guide' : null);
  return `<header>
<p class="kind">Runbook${kind === null ? '' : ` · ${esc(kind)}`}</p>
<h${level}>${esc(runbook.title)}</h${level}>
<p class="review ${review.state}">${reviewMark(review.state)}${esc(reviewSentence(review, origin.timeZone))}</p>
<dl class="facts">${facts(book)
    .map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`)
    .join('\n')}</dl>
<div class="sign" aria-hidden="true"><span>Carried out by</span><span>Date</span><span>Began</span><span>Ended</span></div>
</header>
${errors(runbook, level)}
${objectives(runbook, level)}
${inputs(runbook, level)}
${contents(runbook, body, { prefix, level: level + 1 })}
<article class="text">
${body}
</article>
${frontMatter(lines.slice(0, header), level)}
<p class="line quiet">End of ${esc(runbook.title)} · SHA-256 ${esc(sha256)} · ${esc(reviewSentence(review, origin.timeZone))}</p>`;
}

function facts({ runbook, path, sha256 }: ExportedRunbook): [string, string][] {
  const steps = runbook.phases.reduce((sum, phase) => sum + phase.steps.length, 0);
  const { tools, range } = runbook.requires;
  const rows: [string, string | null][] = [
    ['File', path],
    ['System', runbook.system],
    ['Owner', runbook.owner],
    ['Review', runbook.reviewDays === null ? null : `every ${runbook.reviewDays} days`],
    ['Needs', tools.length === 0 ? null : tools.join(', ')],
    ['Runs on', range === null ? null : `the practice range “${range}”`],
    ['Steps', String(steps)],
  ];
  const told = rows.flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, esc(value)]],
  );
  return [...told, ['SHA-256', `<code>${esc(sha256)}</code>`]];
}

function errors({ findings }: Runbook, level: number): string {
  const found = findings.filter(({ severity }) => severity === 'error');
  if (found.length === 0) return '';
  const items = found.map(({ line, message }) => `<li>Line ${line}: ${esc(message)}</li>`);
  return `<section><h${level + 1}>Errors in the text</h${level + 1}><ul class="errors">${items.join('\n')}</ul></section>`;
}

function objectives(runbook: Runbook, level: number): string {
  if (runbook.objectives.length === 0) return '';
  const promised = (ms: number | null): string => (ms === null ? 'none' : formatDuration(ms));
  const rows = runbook.objectives.map(
    ({ component, rtoMs, rpoMs }) =>
      `<tr><th scope="row">${esc(component)}</th><td>${promised(rtoMs)}</td><td>${promised(rpoMs)}</td></tr>`,
  );
  return `<section><h${level + 1}>Objectives</h${level + 1}>
<div class="scroll"><table>
<thead><tr><th scope="col">Component</th><th scope="col">Recovery time (RTO)</th><th scope="col">Data loss (RPO)</th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table></div></section>`;
}

function inputs(runbook: Runbook, level: number): string {
  if (runbook.inputs.length === 0) return '';
  const rows = runbook.inputs.map((input) => {
    const values = [
      input.default === null ? null : `default ${input.default}`,
      input.choices.length === 0 ? null : `one of ${input.choices.join(', ')}`,
      input.pattern === null ? null : `matches ${input.pattern}`,
      input.secret === null ? null : `from ${input.secret}`,
      input.proposed ? 'proposed by Muster from a placeholder' : null,
    ].filter((value) => value !== null);
    return `<tr><th scope="row"><code>${esc(input.name)}</code></th><td>${input.type}</td><td>${esc(values.join('; '))}</td><td>${esc(input.help ?? '')}</td></tr>`;
  });
  return `<section><h${level + 1}>Inputs</h${level + 1}>
<div class="scroll"><table class="inputs">
<thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Value</th><th scope="col">Help</th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table></div></section>`;
}

/** What stands before the text in the file, as it is written: parts of it show nowhere else. */
function frontMatter(lines: readonly string[], level: number): string {
  if (lines.length === 0) return '';
  return `<section><h${level + 1}>Front matter</h${level + 1}>
<pre class="source" tabindex="0">${esc(lines.join('\n'))}</pre></section>`;
}

/** A shape for each state, so that nothing depends on colour. */
const shapes: Record<ReviewState['state'], string> = {
  reviewed: '<circle cx="8" cy="8" r="7"/><path d="M4.5 8.2l2.4 2.4 4.6-5"/>',
  changed: '<path d="M8 .8L15.2 8 8 15.2.8 8z"/><path d="M8 5v3.5m0 2.4v.3"/>',
  overdue: '<circle cx="8" cy="8" r="7"/><path d="M8 4v4.3l2.8 1.7"/>',
  never: '<circle cx="8" cy="8" r="7" stroke-dasharray="2.2 2.2"/>',
};

function reviewMark(state: ReviewState['state']): string {
  return `<svg class="mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${shapes[state]}</svg>`;
}
