import type { Place } from '../runbook/findings.ts';
import type { Subject } from './subject.ts';

/** A link to a file beside the runbook. */
export interface LocalLink {
  /** Path as the link gives it, decoded, without fragment and query. */
  target: string;
  place: Place;
}

const INLINE = /\]\(\s{0,9}(?:<([^<>\n]{1,500})>|([^\s()<>]{1,500}))(?:\s[^)]{0,300})?\)/g;
const DEFINITION = /^ {0,3}\[[^\]^][^\]]{0,200}\]:\s{1,9}(?:<([^<>]{1,500})>|(\S{1,500}))/;
const LONGEST_LINE = 4000;

/**
 * The links and images of the prose that name local files. Code is passed over, as are links to a
 * site (`/docs`, `//host`), places of the page (`#…`) and what a site generator fills in (`{{ … }}`).
 */
export function localLinks(subject: Subject): LocalLink[] {
  const code = new Set<number>();
  subject.fences(({ line, end }) => {
    for (let there = line; there <= end; there += 1) code.add(there);
  });
  const links: LocalLink[] = [];
  for (let number = subject.headLines + 1; number <= subject.lines.length; number += 1) {
    const line = subject.line(number).slice(0, LONGEST_LINE);
    // Indented code holds no links; a list that is as deep is read as such, too, to be safe.
    if (code.has(number) || !line.includes(']') || /^(?: {4}|\t)/.test(line)) continue;
    const prose = line.replace(/`[^`]*`/g, (span) => ' '.repeat(span.length));
    const definition = DEFINITION.exec(prose);
    const found = definition === null ? [...prose.matchAll(INLINE)] : [definition];
    for (const match of found) {
      const target = fileOf(match[1] ?? match[2] ?? '');
      if (target !== null) links.push({ target, place: { line: number, column: match.index + 1 } });
    }
  }
  return links;
}

function fileOf(link: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:|^[/\\#?]|\{[{%]|\$\{/i.test(link)) return null;
  const path = link.replace(/[#?].*$/, '');
  // Without an extension it may be a page of a site, which only its generator knows.
  if (!/\.[A-Za-z0-9]{1,8}$/.test(path) || /\.html?$/i.test(path)) return null;
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
