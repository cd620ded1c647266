import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MusterError, type Problem } from '../../core/problem.ts';
import { MAX_RUNBOOK_BYTES, readRunbook } from './read-runbook.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(bytes: string | Buffer, name = 'guide.md'): string {
  const path = join(root, name);
  writeFileSync(path, bytes);
  return path;
}

async function problemOf(path: string): Promise<Problem> {
  try {
    await readRunbook(path);
  } catch (error) {
    if (error instanceof MusterError) return error.problem;
    throw error;
  }
  throw new Error('it was read');
}

describe('reading a runbook', () => {
  it('gives every character and the hash of the bytes', async () => {
    const text = '\uFEFF# Tïtle \r\n\ttab \uFFFD 😀\r\nno end';
    const path = file(text);
    const read = await readRunbook(path);
    expect(read).toEqual({
      path,
      text,
      sha256: createHash('sha256').update(text).digest('hex'),
      notUtf8Line: null,
    });
  });

  it('reads an empty file', async () => {
    expect((await readRunbook(file(''))).text).toBe('');
  });

  it('leaves the file as it is', async () => {
    const path = file('# x\n');
    const before = statSync(path);
    await readRunbook(path);
    expect(statSync(path).mtimeMs).toBe(before.mtimeMs);
  });

  it('shows what is not UTF-8, and from which line on', async () => {
    const bytes = Buffer.from('# one\n\uFFFD two\ncaf\xe9 three\n', 'utf8');
    const latin = Buffer.concat([bytes.subarray(0, 14), Buffer.from('caf\xe9\n', 'latin1')]);
    const read = await readRunbook(file(latin));
    expect(read.notUtf8Line).toBe(3);
    expect(read.text).toContain('café');
  });

  it('refuses binary data with its place', async () => {
    const path = file(Buffer.from('# x\nab\0c'));
    expect(await problemOf(path)).toMatchObject({
      code: 'not-text',
      place: { file: path, line: 2 },
    });
  });

  it('names UTF-16 for what it is', async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('# x', 'utf16le')]);
    expect((await problemOf(file(utf16))).what).toContain('UTF-16');
  });

  it('refuses other files, folders, and files that are not there', async () => {
    mkdirSync(join(root, 'folder.md'));
    expect((await problemOf(file('x', 'x.txt'))).code).toBe('not-markdown');
    expect((await problemOf(join(root, 'folder.md'))).code).toBe('not-a-file');
    expect((await problemOf(join(root, 'gone.md'))).code).toBe('runbook-missing');
    expect((await problemOf(join(file('x'), 'below.md'))).code).toBe('runbook-missing');
  });

  it.skipIf(process.platform === 'win32')('refuses a pipe and a link to itself', async () => {
    const pipe = join(root, 'pipe.md');
    execFileSync('mkfifo', [pipe]);
    expect((await problemOf(pipe)).code).toBe('not-a-file');
    const link = join(root, 'self.md');
    symlinkSync('self.md', link);
    expect((await problemOf(link)).what).toContain('leads back to itself');
  });

  it('refuses a file above the limit without reading it', async () => {
    const path = file('');
    truncateSync(path, MAX_RUNBOOK_BYTES + 1);
    expect(await problemOf(path)).toMatchObject({ code: 'runbook-too-large' });
  });

  it('gives a whole version of a file that is being written, or says that it changes', async () => {
    const path = file('line\n'.repeat(1000));
    const timer = setInterval(() => appendFileSync(path, 'line\n'.repeat(200)), 5);
    try {
      const read = await readRunbook(path).catch((error: unknown) => error);
      if (read instanceof MusterError) expect(read.problem.code).toBe('runbook-changing');
      else expect(read).toMatchObject({ path });
    } finally {
      clearInterval(timer);
    }
  });
});
