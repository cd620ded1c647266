import type { Finding } from '../runbook/model.ts';
import type { Fix } from './rule.ts';
import type { Subject } from './subject.ts';

/** Attributes that a misspelling may have meant. Short ones are too close to each other. */
const SPELT = [
  'risk',
  'timeout',
  'retries',
  'backoff',
  'undo',
  'capture',
  'proves',
  'declares',
  'interactive',
  'recovery-point',
  'continue-on-error',
];

/** The safe edit for something that reading the runbook found, or null. */
export function readingFix(finding: Finding, subject: Subject): Fix | null {
  switch (finding.rule) {
    case 'unclosed-fence':
      return closingFence(finding, subject);
    case 'bad-attribute':
      return riskInLetters(finding, subject);
    case 'unknown-attribute':
      return spelling(finding, subject);
    default:
      return null;
  }
}

/** Closes a fence that goes to the end of the file. In a list or a quote its end may be elsewhere. */
function closingFence({ line }: Finding, subject: Subject): Fix | null {
  const mark = /^(`{3,}|~{3,})/.exec(subject.line(line))?.[1];
  const fence = subject.blocks.find((block) => block.type === 'fence' && block.line === line);
  if (mark === undefined || fence?.end !== subject.lines.length) return null;
  const { text } = subject;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const ended = text.endsWith('\n') || text.endsWith('\r');
  return { start: text.length, end: text.length, text: `${ended ? '' : eol}${mark}${eol}` };
}

/** `risk=Destructive` is written in small letters. */
function riskInLetters(finding: Finding, subject: Subject): Fix | null {
  const from = subject.offset(finding);
  const match = /^risk=(["']?)(safe|disruptive|destructive)\1(?=[\s,}])/i.exec(
    subject.text.slice(from, from + 40),
  );
  const value = match?.[2];
  if (value === undefined || value === value.toLowerCase()) return null;
  const start = from + 'risk='.length + (match?.[1]?.length ?? 0);
  return { start, end: start + value.length, text: value.toLowerCase() };
}

/** `timout=5m`: one letter missing, too many, wrong or changed with its neighbour. */
function spelling(finding: Finding, subject: Subject): Fix | null {
  const start = subject.offset(finding);
  const written = /^[a-z-]{4,20}(?=[=\s,}])/.exec(subject.text.slice(start, start + 40))?.[0];
  if (written === undefined) return null;
  const meant = SPELT.filter((known) => isOneSlip(written, known));
  const only = meant[0];
  if (meant.length !== 1 || only === undefined) return null;
  // A second attribute of the same name would make both useless.
  const line = subject.line(finding.line);
  if (new RegExp(`[\\s{,]${only}[=\\s,}]`).test(line.slice(0, 4000))) return null;
  return { start, end: start + written.length, text: only };
}

function isOneSlip(written: string, known: string): boolean {
  if (Math.abs(written.length - known.length) > 1 || written === known) return false;
  let at = 0;
  while (at < written.length && written[at] === known[at]) at += 1;
  const [left, right] = [written.slice(at), known.slice(at)];
  return (
    left.slice(1) === right.slice(1) ||
    left.slice(1) === right ||
    left === right.slice(1) ||
    (left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2))
  );
}
