import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adoptGuide, adoptionOf } from './adoption.ts';
import { openRunbook } from './open-runbook.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const GUIDE =
  '# Shop\r\n\r\n## Restore\r\n\r\n### Load\r\n\r\n```sh\r\npsql -h <db-host>\r\n```\r\n';

function guide(text: string | Uint8Array = GUIDE): string {
  const path = join(folder, 'guide.md');
  writeFileSync(path, text);
  return path;
}

describe('adopting a guide', () => {
  it('shows what it would write, then writes it beside the guide', async () => {
    const opened = await openRunbook(guide());
    const shown = await adoptionOf(opened);
    expect(shown).toMatchObject({ file: join(folder, 'guide.runbook.md'), earlier: null });
    expect(shown.guesses).toBeGreaterThan(0);
    const changed = shown.comparison.sections.filter(({ change }) => change !== 'same');
    expect(changed.map(({ title }) => title)).toContain('Load');
    expect(() => readFileSync(shown.file)).toThrow();

    expect(await adoptGuide(opened)).toBe(shown.file);
    expect(readFileSync(shown.file, 'utf8')).toContain('{id=load ');
    expect(readFileSync(join(folder, 'guide.md'), 'utf8')).toBe(GUIDE);
  });

  it('writes over no earlier copy', async () => {
    const opened = await openRunbook(guide());
    const first = await adoptGuide(opened);
    writeFileSync(first, 'gone over by a person');
    expect(await adoptionOf(opened)).toMatchObject({
      file: join(folder, 'guide.runbook-2.md'),
      earlier: first,
    });
    expect(await adoptGuide(opened)).toBe(join(folder, 'guide.runbook-2.md'));
    expect(readFileSync(first, 'utf8')).toBe('gone over by a person');
  });

  it.each([
    ['a runbook', '---\nrunbook: 1\n---\n# T\n\n1. One\n'],
    ['what is too long', `# T\n\n${'A line.\n'.repeat(130_000)}`],
    ['what is not UTF-8', Buffer.from('# Caf\xe9\n\n1. One\n', 'latin1')],
  ])('refuses %s', async (_, text) => {
    const opened = await openRunbook(guide(text));
    await expect(adoptionOf(opened)).rejects.toMatchObject({ problem: { code: 'not-adopted' } });
    await expect(adoptGuide(opened)).rejects.toMatchObject({ problem: { code: 'not-adopted' } });
  });
});
