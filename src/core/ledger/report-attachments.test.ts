import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { BodyOf, EventBody, RunEvent } from '../run/events.ts';
import { createdOf, phaseOf, runbookOf, stepOf, timeOf } from '../run/fixture.ts';
import { fold } from '../run/reduce.ts';
import type { Attachment } from '../run/state.ts';
import { link, verifyChain } from './chain.ts';
import { reportModel } from './report.ts';
import { picturesToShow } from './report-attachments.ts';
import { reportHtml } from './report-html.ts';
import { reportMarkdown } from './report-markdown.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hash = (digit: string): string => digit.repeat(64);

function attached(change: Partial<BodyOf<'attachment.added'>['attachment']>, step: string | null) {
  const attachment = { name: 'a', mediaType: 'image/png', bytes: 3, sha256: hash('a'), ...change };
  return { kind: 'attachment.added', step, attachment, by: 'ann' } as const;
}

function modelOf(bodies: EventBody[]) {
  const runbook = runbookOf([phaseOf('All', [stepOf('look')])]);
  const events: RunEvent[] = [];
  for (const body of [createdOf(runbook), ...bodies]) {
    const stamp = { run: 'r', time: timeOf(events.length + 1), mono: 0, session: 's' };
    events.push(link(events.at(-1) ?? null, stamp, body, sha256));
  }
  const state = fold(events);
  if (!state) throw new Error('no state');
  const chain = { ...verifyChain(events, sha256), signed: null };
  const at = { estimates: null, timeZone: 'UTC', writtenAt: timeOf(99) };
  return reportModel({ state, runbook, events, output: () => null, chain, ...at });
}

describe('attachments in a report', () => {
  const model = modelOf([
    attached({ name: '"><script>alert(1)</script>.png' }, 'look'),
    attached({ name: 'page.html', mediaType: 'text/html', sha256: hash('b') }, 'look'),
    attached({ name: 'shot.gif', mediaType: 'image/gif', sha256: hash('c') }, null),
  ]);

  it('are pictures where they are, and never markup', () => {
    const pictures = new Map([
      [hash('a'), 'AAAA'],
      [hash('b'), 'PHNjcmlwdD4='],
    ]);
    const html = reportHtml(model, pictures);
    expect(html).toContain('src="data:image/png;base64,AAAA"');
    expect(html).not.toContain('PHNjcmlwdD4=');
    expect(html).not.toContain('<script');
    expect(html.match(/<img/g)).toHaveLength(1);
    expect(html).toContain('<h2 id="attachments">');
    expect(html).toContain('img-src data:"');
    expect(html.match(/<figcaption>/g)).toHaveLength(3);
  });

  it('are named with size and hash in Markdown', () => {
    const markdown = reportMarkdown(model);
    expect(markdown).toContain('## Attachments');
    for (const digit of 'abc') expect(markdown).toContain(`SHA-256 ${hash(digit)}`);
    expect(markdown).not.toMatch(/(?<!\\)<script/);
    expect(markdown).toContain('3 B');
  });

  it('are shown as long as they fit, each once', () => {
    const MB = 1_000_000;
    const picture = (digit: string, bytes: number, mediaType = 'image/png'): Attachment => ({
      ...{ step: null, name: digit, mediaType, bytes, sha256: hash(digit), by: 'ann', at: '' },
    });
    const shown = picturesToShow([
      picture('1', 5 * MB),
      picture('1', 5 * MB),
      picture('2', 5 * MB + 1),
      picture('3', 5 * MB),
      picture('4', 5 * MB),
      picture('5', 4 * MB),
      picture('6', 2 * MB),
      picture('7', MB),
      picture('8', 1, 'application/octet-stream'),
    ]);
    expect([...shown].map((sha) => sha[0])).toEqual(['1', '3', '4', '5', '7']);
  });
});
