import { describe, expect, it } from 'vitest';
import { parse } from '../../core/runbook/parse.ts';
import { parseApart } from './parse-apart.ts';

describe('a text that is parsed apart', () => {
  it.each([
    ['short', '# A guide\n\n## Phase\n\n### Step\n\n```sh\nls\n```\n'],
    ['long', '# A guide\n\n## Phase\n\n### Step\n\nProse.\n'.repeat(60_000)],
  ])('gives the same runbook: %s', async (_name, text) => {
    expect(await parseApart(text)).toEqual(parse(text));
  });

  it('leaves this thread free meanwhile', async () => {
    const text = '\n'.repeat(8 * 1024 * 1024);
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 5);
    await parseApart(text);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });
});
