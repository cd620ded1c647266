import { reportStyle } from '../ledger/report-style.ts';

/** The style sheet of exported runbooks: that of the report, and what a text to follow needs. */
export const exportStyle = `${reportStyle}
.review { display: flex; gap: 8px; align-items: center; font-size: 14px; margin: 12px 0 24px; }
.review.reviewed { color: var(--good); }
.review.changed, .review.overdue { color: var(--warn); }
.review.never { color: var(--quiet); }
.facts dd code { overflow-wrap: anywhere; }
nav ol, nav ul { list-style: none; padding: 0; }
nav li { padding: 2px 0; }
nav li li { padding-left: 24px; display: flex; gap: 8px; }
nav .number { min-width: 24px; color: var(--quiet); text-align: right; }
nav .phase-name { font-weight: 600; }
nav > ol > li + li { margin-top: 8px; }
a { color: var(--accent); text-underline-offset: 2px; }
nav a, .index a { color: inherit; text-decoration-color: var(--line); }
.text { margin-top: 48px; }
.text > * + *, .text li > * + *, .text blockquote > * + *, .footnote > * + * { margin-top: 12px; }
.text p, .text li, .text blockquote, .text dd { max-width: 76ch; }
.text h2 { margin: 48px 0 0; padding-top: 16px; border-top: 1px solid var(--line); }
.text h3 { margin: 32px 0 0; font-size: 16px; color: var(--text); }
.text h4, .text h5, .text h6 { display: block; margin: 24px 0 0; font-size: 14px; font-weight: 600; }
.text ul, .text ol { padding-left: 24px; }
.text li + li { margin-top: 4px; }
.text li:has(> input), .text li:has(> p > input:first-child), .text li.step { list-style: none; }
.text li:has(> input), .text li:has(> p > input:first-child) { margin-left: -24px; padding-left: 24px; text-indent: -24px; }
.text li:has(> input) > *, .text li:has(> p > input:first-child) > :not(p) { text-indent: 0; }
.text li.step { margin-top: 16px; }
.lead { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; font-weight: 600; }
li > .lead { margin-left: -24px; }
.text .facts, .fence, .definition, .line { border: 0; padding: 0; font-size: 12px; font-weight: 400; color: var(--quiet); }
.text .facts { display: inline; }
.text .fence + pre { margin-top: 4px; }
.fence, .definition { font-family: 'JetBrains Mono Variable', 'JetBrains Mono', ui-monospace, Menlo, Consolas, monospace; }
.text .fence { max-width: none; }
.text pre, .source { max-height: none; }
.text :not(pre) > code { padding: 1px 4px; border: 1px solid var(--line); border-radius: 4px; background: var(--raised); }
.text blockquote { margin-left: 0; color: var(--quiet); }
.text hr { border: 0; border-top: 1px solid var(--line); }
.text table { width: auto; }
.text th { font-weight: 600; }
.inputs th, .inputs td:nth-child(2) { white-space: nowrap; overflow-wrap: normal; }
.index td { white-space: nowrap; }
nav > ol { columns: 2; column-gap: 48px; }
nav > ol > li { break-inside: avoid; }
.text h3.step { padding: 12px 0 0; }
.text h2 + h3.step { border-top: 0; margin-top: 8px; }
.local { border-bottom: 1px dotted var(--quiet); }
.footnote { font-size: 13px; }
input[type='checkbox'] {
  appearance: none; flex: none; width: 14px; height: 14px; margin: 0 10px 0 0; vertical-align: -2px;
  border: 1.5px solid var(--quiet); border-radius: 3px; background: var(--ground); text-indent: 0;
}
.lead input[type='checkbox'] { margin: 0; }
input[type='checkbox']:checked { background: var(--good); border-color: var(--good); box-shadow: inset 0 0 0 2px var(--ground); }
.sign { display: none; }
.book { margin-top: 96px; padding-top: 32px; border-top: 2px solid var(--text); }
.errors { color: var(--bad); padding-left: 24px; }
footer.end { margin-top: 48px; padding-top: 16px; border-top: 1px solid var(--line); font-size: 12px; color: var(--quiet); }
@media print {
  .text pre { break-inside: auto; }
  .text li, .lead, nav li { break-inside: avoid; }
  .text { margin-top: 24px; }
  .text h2 { margin-top: 24px; padding-top: 12px; }
  .text h3 { margin-top: 16px; }
  .text > * + *, .text li > * + * { margin-top: 8px; }
  .fence { break-after: avoid; }
  .book { break-before: page; margin-top: 0; border-top: 0; padding-top: 0; }
  a { color: inherit; text-decoration: none; }
  .text a[href^='http']::after { content: ' (' attr(href) ')'; color: var(--quiet); font-size: 9pt; }
  .sign { display: grid; grid-template-columns: 2fr 1fr 1fr 1fr; gap: 16px; margin-top: 24px; }
  .sign span { padding-top: 24px; border-bottom: 1px solid #000; font-size: 8pt; color: #444; }
}
`;
