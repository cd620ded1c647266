import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { markCommandReviewed } from './mark-reviewed.ts';
import { openRunbook } from './open-runbook.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-test-'));
  path = join(folder, 'a.md');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function marked(text: string, line: number): Promise<string> {
  writeFileSync(path, text);
  await markCommandReviewed(await openRunbook(path), line);
  return readFileSync(path, 'utf8');
}

describe('marking a command reviewed', () => {
  it('changes the annotation of its fence and nothing else', async () => {
    const text = '\uFEFF# G \r\n\r\n## P\t\r\n\r\n```sh\r\nls\r\n```\r\n\r\n```sh\nls -a\n```  ';
    expect(await marked(text, 5)).toBe(text.replace('```sh\r\n', '```sh {reviewed}\r\n'));
    expect(readdirSync(folder)).toEqual(['a.md']);
  });

  it('takes the guess out that the person confirms', async () => {
    const head = '---\nrunbook: 1\ntitle: T\n---\n\n### Load\n\n';
    const text = `${head}\`\`\`sh {id=load risk=safe timeout=1m guess="risk timeout"}\nls\n\`\`\`\n`;
    expect(await marked(text, 8)).toBe(text.replace('guess="risk timeout"', 'reviewed'));
  });

  it('keeps the permissions of the file, and the link to it', async () => {
    const real = join(folder, 'real.md');
    writeFileSync(real, '# G\n\n```sh\nls\n```\n');
    chmodSync(real, 0o640);
    symlinkSync(real, path);
    await markCommandReviewed(await openRunbook(path), 3);
    expect(readFileSync(real, 'utf8')).toContain('```sh {reviewed}\n');
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).sort()).toEqual(['a.md', 'real.md']);
  });

  it('leaves a file alone that changed meanwhile', async () => {
    writeFileSync(path, '# G\n\n```sh\nls\n```\n');
    const opened = await openRunbook(path);
    writeFileSync(path, '# G\n\n```sh\nrm -r x\n```\n');
    await expect(markCommandReviewed(opened, 3)).rejects.toMatchObject({
      problem: { code: 'runbook-changed' },
    });
    expect(readFileSync(path, 'utf8')).toBe('# G\n\n```sh\nrm -r x\n```\n');
  });

  it('leaves the file as it was where it cannot be written', async () => {
    const text = '# G\n\n```sh\nls\n```\n';
    // Stands where the new text would be written before it takes the place of the old one.
    mkdirSync(join(folder, `.a.md.${process.pid}.tmp`));
    await expect(marked(text, 3)).rejects.toMatchObject({
      problem: { code: 'runbook-not-written' },
    });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it.each([
    ['no fence', '# G\n\nls\n', 3],
    ['code that is only shown', '# G\n\n```yaml\na: b\n```\n', 3],
    ['a command that is reviewed', '# G\n\n```sh {reviewed}\nls\n```\n', 3],
    ['a line that is not there', '# G\n\n```sh\nls\n```\n', 99],
    ['what is not UTF-8', '# Caf\xe9\n\n```sh\nls\n```\n', 3],
  ])('refuses %s', async (_, text, line) => {
    const bytes = Buffer.from(text, 'latin1');
    writeFileSync(path, bytes);
    await expect(markCommandReviewed(await openRunbook(path), line)).rejects.toMatchObject({
      problem: { code: 'not-marked-reviewed' },
    });
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });
});
