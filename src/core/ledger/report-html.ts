import { isImage } from '../attachments/attachment.ts';
import { escapeHtml as esc } from '../escape-html.ts';
import { formatDateTime, formatTime } from '../units.ts';
import type { ReportAttempt, ReportModel, ReportStep } from './report.ts';
import { reportStyle } from './report-style.ts';
import * as words from './report-words.ts';

/** The pictures that the report shows: base64 by SHA-256. */
export type Pictures = ReadonlyMap<string, string>;
const noPictures: Pictures = new Map();

/**
 * The report as one HTML file that needs nothing else: no script, no font, no file, no network.
 * Every value of the run goes through `esc`, so nothing that a step printed becomes markup.
 */
export function reportHtml(model: ReportModel, pictures: Pictures = noPictures): string {
  const { run } = model;
  const outcome = run.outcome ?? 'open';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<title>${esc(run.title)}: ${words.outcomeWord(model)}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<header>
<p class="kind">Record of a run · ${words.modeWords[run.mode]}</p>
<h1>${esc(run.title)}</h1>
<p class="outcome ${outcome}">${mark(outcome)}${words.outcomeWord(model)}</p>
<dl class="facts">${words
    .headFacts(model)
    .filter(([name]) => name !== 'Mode')
    .map(([name, value]) => `<div><dt>${name}</dt><dd>${esc(value)}</dd></div>`)
    .join('\n')}</dl>
</header>
${objectives(model)}
${timeline(model)}
<section aria-labelledby="steps">
<h2 id="steps">Steps</h2>
${model.phases.map((phase) => phaseHtml(phase, model.timeZone, pictures)).join('\n')}
</section>
${notesSection(model)}
${attachmentsSection(model, pictures)}
${inputs(model)}
${record(model)}
</main>
</body>
</html>
`;
}

function objectives(model: ReportModel): string {
  const rows = model.measures.map((one) => {
    const proof =
      one.proof === null
        ? 'No proof'
        : `${esc(formatTime(one.proof.at, model.timeZone))}<small>${esc(one.proof.step)}</small>`;
    return `<tr>
<th scope="row">${esc(one.component)}</th>
<td>${against(one.rtoMs, one.rtoPromisedMs)}</td>
<td>${against(one.rpoMs, one.rpoPromisedMs)}</td>
<td>${proof}</td>
<td><span class="state ${one.verdict}">${mark(one.verdict)}${words.verdictWords[one.verdict]}</span></td>
</tr>`;
  });
  const body =
    rows.length === 0
      ? '<p class="quiet">The runbook promises no recovery objectives.</p>'
      : `<div class="scroll"><table class="objectives">
<thead><tr><th scope="col">Component</th><th scope="col">Recovery time (RTO)</th><th scope="col">Data loss (RPO)</th><th scope="col">Proven</th><th scope="col">Verdict</th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table></div>
<p class="quiet">Recovery time runs from the declaration to the success of the step that proves the component. Data loss runs from the proven recovery point to the declaration. Both come from recorded events.</p>`;
  return `<section aria-labelledby="objectives">
<h2 id="objectives">Objectives</h2>
${body}
</section>`;
}

/** What was measured against what was promised, with a bar that is full when the promise is used up. */
function against(measuredMs: number | null, promisedMs: number | null): string {
  const share =
    measuredMs === null || promisedMs === null
      ? null
      : promisedMs === 0
        ? Number(measuredMs > 0)
        : Math.min(1, Math.max(0, measuredMs / promisedMs));
  const isOver = measuredMs !== null && promisedMs !== null && measuredMs > promisedMs;
  const bar =
    share === null
      ? ''
      : `<span class="bar${isOver ? ' over' : ''}" aria-hidden="true"><span style="width:${(share * 100).toFixed(1)}%"></span></span>`;
  const promise =
    promisedMs === null ? 'none promised' : `of ${words.promised(promisedMs)} promised`;
  return `<span class="measured${measuredMs === null ? ' none' : ''}">${words.measured(measuredMs)}</span>${bar}<small>${promise}</small>`;
}

function timeline(model: ReportModel): string {
  const rows = model.timeline.map(
    ({ time, text, by, tone }) => `<tr class="tone-${tone}">
<td class="time">${esc(formatDateTime(time, model.timeZone))}</td>
<td class="what">${esc(text)}</td>
<td class="who">${by === null ? '' : esc(words.personName(by))}</td>
</tr>`,
  );
  return `<section aria-labelledby="timeline">
<h2 id="timeline">Timeline</h2>
<div class="scroll"><table class="timeline">
<thead><tr><th scope="col">Time</th><th scope="col">What happened</th><th scope="col">By</th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table></div>
</section>`;
}

function phaseHtml(
  phase: ReportModel['phases'][number],
  timeZone: string,
  pictures: Pictures,
): string {
  return `<h3>${esc(phase.title)}</h3>
${phase.steps.map((step) => stepHtml(step, timeZone, pictures)).join('\n')}`;
}

function stepHtml(step: ReportStep, timeZone: string, pictures: Pictures): string {
  const facts = words.stepFacts(step, timeZone).map((fact) => `<span>${esc(fact)}</span>`);
  const undone = words.undoneWords(step, timeZone);
  const parts = [
    step.skipped && `<p>Skipped: ${esc(step.skipped.reason)}</p>`,
    undone !== null && `<p>${esc(undone)}</p>`,
    step.text && textHtml(step.text, step.language),
    step.answer !== null && `<p>Answer: <strong>${esc(String(step.answer))}</strong></p>`,
    tasks(step, timeZone),
    ...words.toldAttempts(step).map((attempt) => attemptHtml(step, attempt, timeZone)),
    notes(step.notes, timeZone),
    attachments(step.attachments, timeZone, pictures),
  ];
  return `<article class="step">
<h4>${mark(step.status)}<span>${esc(step.title)}</span><span class="state ${step.status}">${words.statusWords[step.status]}</span></h4>
${facts.length === 0 ? '' : `<p class="about">${facts.join('')}</p>`}
${parts.filter(Boolean).join('\n')}
</article>`;
}

/** Commands as they stood in the runbook, or the question that was asked. */
function textHtml(text: string, language: string | null): string {
  if (language === null) return `<p>${esc(text)}</p>`;
  return `<pre class="code" tabindex="0">${esc(text.trimEnd())}</pre>`;
}

function tasks(step: ReportStep, timeZone: string): string {
  if (step.tasks.length === 0) return '';
  const items = step.tasks.map(({ text, ticked }) => {
    const who =
      ticked === null
        ? 'not ticked'
        : `${words.personName(ticked.by)}, ${formatTime(ticked.at, timeZone)}`;
    return `<li>${mark(ticked === null ? 'pending' : 'succeeded')}<span>${esc(text)} <small>${esc(who)}</small></span></li>`;
  });
  return `<ul class="tasks">${items.join('\n')}</ul>`;
}

function attemptHtml(step: ReportStep, attempt: ReportAttempt, timeZone: string): string {
  const many = step.attempts.length > 1;
  const parts: string[] = [];
  if (many || step.does === 'shell' || step.does === 'action') {
    const when = many
      ? `Attempt ${attempt.number}, ${formatTime(attempt.startedAt, timeZone)}: `
      : '';
    parts.push(`<p class="ended">${esc(`${when}${words.attemptWords(attempt)}`)}</p>`);
  }
  for (const line of words.resultLines(attempt)) parts.push(`<p>${esc(line)}</p>`);
  const { problem, output } = attempt;
  if (problem !== null) {
    parts.push(`<p class="problem">${esc(problem.what)} ${esc(problem.safe)}</p>`);
  }
  const resolved = words.resolvedWords(attempt, timeZone);
  if (resolved !== null) parts.push(`<p>${esc(resolved)}</p>`);
  const captures = Object.entries(attempt.captures).map(
    ([name, value]) => `<div><dt>${esc(name)}</dt><dd>${esc(value)}</dd></div>`,
  );
  if (captures.length > 0) parts.push(`<dl class="captures">${captures.join('\n')}</dl>`);
  if (output !== null && output.start + output.end !== '') parts.push(outputHtml(output));
  return parts.join('\n');
}

function outputHtml(output: NonNullable<ReportAttempt['output']>): string {
  const start = `<pre class="output" tabindex="0">${esc(output.start.trimEnd())}</pre>`;
  if (output.leftOutBytes === 0 && output.notKept === null) return start;
  const end =
    output.end === '' ? '' : `<pre class="output" tabindex="0">${esc(output.end.trimEnd())}</pre>`;
  const line = words.leftOutWords(output);
  return `${start}<p class="quiet">${esc(line)}</p>${end}`;
}

function notes(list: ReportStep['notes'], timeZone: string): string {
  return list
    .map(
      ({ text, by, at }) =>
        `<blockquote><p>${esc(text)}</p><footer>${esc(words.personName(by))}, ${esc(formatDateTime(at, timeZone))}</footer></blockquote>`,
    )
    .join('\n');
}

function notesSection(model: ReportModel): string {
  if (model.notes.length === 0) return '';
  return `<section aria-labelledby="notes">
<h2 id="notes">Notes</h2>
${notes(model.notes, model.timeZone)}
</section>`;
}

/** Each file by name, size and hash, and the pictures among them as pictures. */
function attachments(
  list: ReportStep['attachments'],
  timeZone: string,
  pictures: Pictures,
): string {
  return list
    .map((file) => {
      const picture = isImage(file.mediaType) ? pictures.get(file.sha256) : undefined;
      const shown =
        picture === undefined
          ? ''
          : `<img alt="${esc(file.name)}" src="data:${file.mediaType};base64,${picture}">`;
      return `<figure>${shown}<figcaption>${esc(words.attachmentWords(file, timeZone))}</figcaption></figure>`;
    })
    .join('\n');
}

function attachmentsSection(model: ReportModel, pictures: Pictures): string {
  if (model.attachments.length === 0) return '';
  return `<section aria-labelledby="attachments">
<h2 id="attachments">Attachments</h2>
${attachments(model.attachments, model.timeZone, pictures)}
</section>`;
}

function inputs(model: ReportModel): string {
  if (model.inputs.length === 0) return '';
  const rows = model.inputs.map(
    ({ name, value, isReference }) =>
      `<div><dt>${esc(name)}</dt><dd>${esc(String(value))}${isReference ? ' <small>a reference; the secret itself is in no record</small>' : ''}</dd></div>`,
  );
  return `<section aria-labelledby="inputs">
<h2 id="inputs">Inputs</h2>
<dl class="captures">${rows.join('\n')}</dl>
</section>`;
}

function record(model: ReportModel): string {
  const { run, chain } = model;
  const rows: [string, string][] = [
    ['Run', run.id],
    ['Runbook', run.path ?? 'not from a file'],
    ['Runbook SHA-256', run.sha256],
  ];
  return `<section aria-labelledby="record">
<h2 id="record">Record</h2>
<p class="chain"><span class="state ${chain.bad === null ? 'met' : 'missed'}">${mark(chain.bad === null ? 'met' : 'missed')}</span>${esc(words.chainWords(model))}</p>
<dl class="captures">${rows.map(([name, value]) => `<div><dt>${name}</dt><dd>${esc(value)}</dd></div>`).join('\n')}</dl>
<p class="quiet">Written ${esc(formatDateTime(model.writtenAt, model.timeZone))} by Muster ${esc(run.musterVersion)}. Local times are those of ${esc(model.timeZone)}. To check this record, compare the head with <code>muster verify ${esc(run.id)}</code>.</p>
</section>`;
}

/** A shape for each state, so that nothing depends on colour. */
const shapes: Record<string, string> = {
  succeeded: '<circle cx="8" cy="8" r="7"/><path d="M4.5 8.2l2.4 2.4 4.6-5"/>',
  met: '<circle cx="8" cy="8" r="7"/><path d="M4.5 8.2l2.4 2.4 4.6-5"/>',
  failed: '<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z"/><path d="M5.5 5.5l5 5m0-5l-5 5"/>',
  missed: '<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z"/><path d="M5.5 5.5l5 5m0-5l-5 5"/>',
  aborted: '<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z"/><path d="M5 8h6"/>',
  skipped: '<circle cx="8" cy="8" r="7"/><path d="M5 11l6-6"/>',
  cancelled: '<circle cx="8" cy="8" r="7"/><path d="M5.5 5.5h5v5h-5z"/>',
  unknown:
    '<path d="M8 .8L15.2 8 8 15.2.8 8z"/><path d="M6.2 6.4a1.8 1.8 0 1 1 2.6 1.7q-.8.4-.8 1.2M8 11.2v.3"/>',
  unproven:
    '<path d="M8 .8L15.2 8 8 15.2.8 8z"/><path d="M6.2 6.4a1.8 1.8 0 1 1 2.6 1.7q-.8.4-.8 1.2M8 11.2v.3"/>',
  waiting: '<circle cx="8" cy="8" r="7"/><path d="M6 5v6m4-6v6"/>',
  running: '<circle cx="8" cy="8" r="7"/><path d="M6.5 5l4 3-4 3z"/>',
  pending: '<circle cx="8" cy="8" r="7" stroke-dasharray="2.2 2.2"/>',
  open: '<circle cx="8" cy="8" r="7" stroke-dasharray="2.2 2.2"/>',
};

function mark(state: string): string {
  return `<svg class="mark ${state}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${shapes[state] ?? ''}</svg>`;
}
