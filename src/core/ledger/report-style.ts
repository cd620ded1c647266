/** The style sheet of the HTML report: light, dark and paper from one set of tokens. */
export const reportStyle = `
:root {
  color-scheme: light dark;
  --ground: oklch(99% 0.002 250);
  --raised: oklch(97% 0.004 250);
  --line: oklch(88% 0.006 250);
  --text: oklch(24% 0.012 250);
  --quiet: oklch(47% 0.014 250);
  --good: oklch(45% 0.11 152);
  --bad: oklch(48% 0.18 27);
  --warn: oklch(48% 0.1 70);
  --accent: oklch(47% 0.14 255);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: oklch(19% 0.008 250);
    --raised: oklch(23% 0.01 250);
    --line: oklch(34% 0.012 250);
    --text: oklch(93% 0.006 250);
    --quiet: oklch(73% 0.012 250);
    --good: oklch(79% 0.13 152);
    --bad: oklch(76% 0.14 27);
    --warn: oklch(81% 0.11 80);
    --accent: oklch(78% 0.1 255);
  }
}
@media (prefers-contrast: more) {
  :root { --quiet: var(--text); --line: var(--quiet); }
}
* { box-sizing: border-box; margin: 0; }
body {
  background: var(--ground);
  color: var(--text);
  font: 14px/1.5 'Inter Variable', Inter, system-ui, -apple-system, 'Segoe UI', sans-serif;
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
main { max-width: 960px; margin: 0 auto; padding: 48px 24px 64px; }
section { margin-top: 48px; }
h1 { font-size: 28px; line-height: 1.2; font-weight: 600; letter-spacing: -0.01em; text-wrap: balance; }
h2 { font-size: 20px; line-height: 1.3; font-weight: 600; margin-bottom: 16px; }
h3 { font-size: 13px; font-weight: 600; color: var(--quiet); margin: 32px 0 8px; }
h4 { font-size: 14px; font-weight: 600; display: flex; gap: 8px; align-items: baseline; }
h4 .mark { align-self: center; }
h4 .state { margin-left: auto; padding-left: 16px; font-weight: 400; white-space: nowrap; }
small { font-size: 12px; color: var(--quiet); }
.kind { font-size: 13px; color: var(--quiet); margin-bottom: 4px; }
.quiet { font-size: 13px; color: var(--quiet); margin-top: 12px; max-width: 72ch; }
.outcome { display: flex; gap: 8px; align-items: center; font-size: 16px; font-weight: 600; margin: 12px 0 24px; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(272px, 1fr)); padding: 8px 0; border-block: 1px solid var(--line); }
.facts div { padding: 8px 24px 8px 0; }
dt { font-size: 12px; color: var(--quiet); }
.mark { flex: none; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.succeeded, .met { color: var(--good); }
.failed, .missed, .aborted, .tone-bad .what { color: var(--bad); }
.unknown, .unproven, .cancelled { color: var(--warn); }
.running, .waiting { color: var(--accent); }
.skipped, .pending, .open { color: var(--quiet); }
.tone-mark .what { font-weight: 600; }
.state { display: inline-flex; gap: 6px; align-items: center; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 8px 16px 8px 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { font-size: 12px; color: var(--quiet); padding-top: 0; }
tbody th { font-weight: 600; }
th:last-child, td:last-child { padding-right: 0; }
.objectives td { min-width: 128px; }
.objectives small { display: block; }
.measured { font-size: 16px; font-weight: 600; }
.measured.none { font-size: 14px; font-weight: 400; color: var(--quiet); }
.bar { display: block; height: 4px; max-width: 160px; margin: 4px 0; border-radius: 2px; background: var(--line); overflow: hidden; }
.bar span { display: block; height: 100%; background: var(--good); }
.bar.over span { background: var(--bad); }
.timeline td { padding-top: 4px; padding-bottom: 4px; }
.timeline .time { white-space: nowrap; color: var(--quiet); }
.timeline .who { color: var(--quiet); white-space: nowrap; }
.timeline .what { min-width: 240px; }
.step { padding: 12px 0; border-top: 1px solid var(--line); }
.step > * + * { margin-top: 8px; }
.step > :not(h4) { margin-left: 24px; }
.step > .about { margin-top: 0; font-size: 13px; color: var(--quiet); }
.about span + span::before { content: ' · '; white-space: pre; }
.ended { font-size: 13px; color: var(--quiet); }
.problem { color: var(--bad); }
pre, code, .captures dd { font: 12px/1.5 'JetBrains Mono Variable', 'JetBrains Mono', ui-monospace, Menlo, Consolas, monospace; }
pre { white-space: pre-wrap; padding: 8px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--raised); max-height: 384px; overflow: auto; tab-size: 4; }
pre.code { border-left: 3px solid var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.captures div { display: grid; grid-template-columns: minmax(128px, 1fr) 4fr; gap: 16px; padding: 4px 0; border-bottom: 1px solid var(--line); }
.captures small { font-family: 'Inter Variable', Inter, system-ui, sans-serif; }
.tasks { list-style: none; padding: 0; }
.tasks li { display: flex; gap: 8px; padding: 2px 0; }
.tasks .mark { margin-top: 2px; }
blockquote { border-left: 3px solid var(--line); padding-left: 12px; }
blockquote p { white-space: pre-wrap; }
blockquote footer { font-size: 12px; color: var(--quiet); }
figure { margin: 12px 0 0; }
figure img { display: block; max-width: 100%; max-height: 640px; border: 1px solid var(--line); }
figcaption { font-size: 12px; color: var(--quiet); overflow-wrap: anywhere; }
section > blockquote + blockquote { margin-top: 16px; }
.chain { display: flex; gap: 8px; margin-bottom: 12px; }
.chain .state { align-self: start; padding-top: 2px; }
@media print {
  :root {
    color-scheme: light;
    --ground: white; --raised: white; --line: #bbb; --text: black; --quiet: #444;
    --good: #14532d; --bad: #8f1d12; --warn: #6b4300; --accent: #1d3f8f;
  }
  @page { margin: 16mm 14mm; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  section { margin-top: 24px; }
  pre { max-height: none; overflow: visible; }
  .scroll { overflow: visible; }
  h2, h3, h4 { break-after: avoid; }
  tr, .tasks li, blockquote, figure, .facts div { break-inside: avoid; }
  thead { display: table-header-group; }
  .bar, .mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
