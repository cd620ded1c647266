import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lint } from '../core/lint/lint.ts';
import { runbookKindSchema } from '../core/runbook/model.ts';
import { parse } from '../core/runbook/parse.ts';
import { folder, muster, runbook } from './test/muster.ts';

describe('templates', () => {
  it.each(runbookKindSchema.options)('%s is a runbook of its kind with nothing to find', (kind) => {
    const file = join(import.meta.dirname, '..', '..', 'resources', 'templates', `${kind}.md`);
    const text = readFileSync(file, 'utf8');
    expect(lint(text)).toEqual([]);
    expect(parse(text)).toMatchObject({ format: 'muster', kind });
  });
});

describe('muster new', () => {
  it('writes a template as a new file and no file twice', async () => {
    const home = folder();
    const out = join(home, 'mine.md');
    expect(await muster(home, 'new', 'restore', '--out', out)).toMatchObject({ code: 0, err: '' });
    expect(parse(readFileSync(out, 'utf8')).kind).toBe('restore');
    writeFileSync(out, 'mine');
    const again = await muster(home, 'new', 'restore', '--out', out);
    expect(again).toMatchObject({ code: 2, out: '' });
    expect(again.err).toContain('There is already a file');
    expect(readFileSync(out, 'utf8')).toBe('mine');
    expect(await muster(home, 'new', 'dance')).toMatchObject({ code: 2 });
    const nowhere = await muster(home, 'new', 'check', '--out', join(home, 'no', 'x.md'));
    expect(nowhere.err).toContain('cannot be written');
  });
});

describe('muster adopt', () => {
  const guide =
    '# Restart the shop\r\n\r\n## Do\r\n\r\n```bash\r\nkubectl rollout restart x\r\n```\r\n';

  it('shows the difference, and writes a new file only when told to', async () => {
    const home = folder();
    const file = runbook(guide, 'shop.md');
    const out = file.replace(/\.md$/, '.runbook.md');
    const asked = await muster(home, 'adopt', file);
    expect(asked.code).toBe(2);
    expect(asked.out).toContain('+runbook: 1');
    expect(asked.out).toContain('-```bash');
    expect(asked.out).toContain('guess="risk timeout"');
    expect(asked.err).toContain('--yes');
    expect(existsSync(out)).toBe(false);
    expect(await muster(home, 'adopt', file, '--yes')).toMatchObject({ code: 0, err: '' });
    const copy = readFileSync(out, 'utf8');
    expect(copy).toMatch(/^---\r\nrunbook: 1\r\n/);
    expect(parse(copy).format).toBe('muster');
    expect(readFileSync(file, 'utf8')).toBe(guide);
    expect(await muster(home, 'adopt', file, '--yes')).toMatchObject({ code: 2 });
    expect(await muster(home, 'adopt', out, '--yes')).toMatchObject({ code: 2 });
    expect(await muster(home, 'adopt', file, '--yes', '--out', file)).toMatchObject({ code: 2 });
    expect(readFileSync(file, 'utf8')).toBe(guide);
  });

  it('refuses what is not UTF-8', async () => {
    const file = runbook(Uint8Array.of(0x23, 0x20, 0xe9, 0x0a));
    const { code, err } = await muster(folder(), 'adopt', file, '--yes');
    expect(code).toBe(2);
    expect(err).toContain('Nothing was written.');
  });
});
