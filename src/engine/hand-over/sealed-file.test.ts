import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { MusterError } from '../../core/problem.ts';
import { folder } from '../../store/test/fixtures.ts';
import { openSealed, writeSealed } from './sealed-file.ts';

// What a passphrase costs to try is not what is tested here; a hundred of them would take minutes.
vi.mock('../sealing/derive-key.ts', async (original) => ({
  ...(await original<typeof import('../sealing/derive-key.ts')>()),
  passphraseLogN: 14,
}));

const passphrase = 'four words of nothing';
const nothing = () => undefined;

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (thrown) {
    if (thrown instanceof MusterError) return thrown.problem.code;
    throw thrown;
  }
  return 'nothing was refused';
}

async function contentOf(file: string, words = passphrase): Promise<Buffer> {
  const sealed = await openSealed(file, words);
  try {
    return Buffer.concat([...sealed.read()]);
  } finally {
    sealed.close();
  }
}

async function written(content: Uint8Array[]): Promise<string> {
  const file = join(folder(), 'run.muster');
  await writeSealed(file, passphrase, content, nothing);
  return file;
}

describe('a sealed file', () => {
  it.each([1, 100, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 3 * 1024 * 1024])(
    'gives %i bytes back, however they were cut',
    async (length) => {
      const content = randomBytes(length);
      const cut = Math.floor(length / 3);
      const file = await written([content.subarray(0, cut), content.subarray(cut)]);
      expect((await contentOf(file)).equals(content)).toBe(true);
    },
  );

  it('is private, and shows nothing of its content', async () => {
    const file = await written([Buffer.from('the secret of the run '.repeat(2_000))]);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file).includes('secret')).toBe(false);
    expect(statSync(file).size).toBeLessThan(2_000);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it('opens with its passphrase alone, in any spelling of the same letters', async () => {
    const file = join(folder(), 'run.muster');
    await writeSealed(file, 'crème brûlée sunday', [Buffer.from('x')], nothing);
    expect(await codeOf(() => contentOf(file, 'creme brulee sunday'))).toBe('bundle-passphrase');
    const typed = ` ${'crème brûlée sunday'.normalize('NFD')}\n`;
    expect((await contentOf(file, typed)).toString()).toBe('x');
  });

  it('never takes the place of another file', async () => {
    const file = join(folder(), 'run.muster');
    writeFileSync(file, 'mine');
    const work = () => writeSealed(file, passphrase, [Buffer.from('x')], nothing);
    expect(await codeOf(work)).toBe('bundle-exists');
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('that cannot be written commits nothing', async () => {
    let committed = false;
    const commit = () => {
      committed = true;
    };
    const file = join(folder(), 'no', 'such', 'folder', 'run.muster');
    const work = () => writeSealed(file, passphrase, [Buffer.from('x')], commit);
    expect(await codeOf(work)).toBe('bundle-not-written');
    expect(committed).toBe(false);
  });

  it('opens for nobody before the commit, and is there after it', async () => {
    const home = folder();
    const file = join(home, 'run.muster');
    const snapshot = join(home, 'snapshot');
    const content = randomBytes(2_500_000);
    await writeSealed(file, passphrase, [content], () => {
      expect(existsSync(file)).toBe(false);
      copyFileSync(`${file}.part`, snapshot);
    });
    expect(statSync(snapshot).size).toBeGreaterThan(2_000_000);
    expect(await codeOf(() => contentOf(snapshot))).toBe('bundle-damaged');
    expect((await contentOf(file)).equals(content)).toBe(true);
  });

  it('says so when only its end could not be written', async () => {
    const file = join(folder(), 'run.muster');
    const work = () =>
      writeSealed(file, passphrase, [Buffer.from('x')], () => {
        mkdirSync(file);
        writeFileSync(join(file, 'in the way'), '');
      });
    expect(await codeOf(work)).toBe('bundle-not-finished');
  });

  it('leaves nothing when the commit fails', async () => {
    const file = join(folder(), 'run.muster');
    const work = () =>
      writeSealed(file, passphrase, [Buffer.from('x')], () => {
        throw new MusterError({ code: 'mine', what: '', safe: '', next: '' });
      });
    expect(await codeOf(work)).toBe('mine');
    expect(existsSync(file) || existsSync(`${file}.part`)).toBe(false);
  });
});

describe('a sealed file that was changed', () => {
  it('is refused, whichever byte it was', async () => {
    const file = await written([Buffer.from('some content of the run')]);
    const whole = readFileSync(file);
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      writeFileSync(file, changed);
      const code = await codeOf(() => contentOf(file));
      expect(code, `byte ${at}`).toMatch(/^bundle-(unreadable|passphrase|damaged)$/);
    }
  }, 120_000);

  it('is refused when it is shorter or longer, at any place', async () => {
    const file = await written([randomBytes(2 * 1024 * 1024)]);
    const whole = readFileSync(file);
    for (const length of [0, 5, 12, 40, 200, 100_000, whole.length / 2, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, length));
      expect(await codeOf(() => contentOf(file))).toMatch(/^bundle-(unreadable|damaged)$/);
    }
    writeFileSync(file, Buffer.concat([whole, Buffer.from('x')]));
    expect(await codeOf(() => contentOf(file))).toBe('bundle-damaged');
  });

  it('is refused with blocks left out, doubled, exchanged or from another file', async () => {
    const content = randomBytes(3 * 1024 * 1024);
    const [one, other] = [await written([content]), await written([content])];
    const { head, blocks } = blocksOf(readFileSync(one));
    const [a, b, c] = blocks;
    const foreign = blocksOf(readFileSync(other)).blocks[1];
    if (!a || !b || !c || !foreign) throw new Error('expected three blocks');
    for (const order of [
      [a, c],
      [a, b],
      [a, b, b, c],
      [b, a, c],
      [a, b, c, c],
      [a, foreign, c],
    ]) {
      writeFileSync(one, Buffer.concat([head, ...order]));
      expect(await codeOf(() => contentOf(one))).toMatch(/^bundle-(damaged|passphrase)$/);
    }
    writeFileSync(one, Buffer.concat([head, a, b, c]));
    expect((await contentOf(one)).equals(content)).toBe(true);
  });

  it('cannot ask for more work or memory than a passphrase is worth', async () => {
    const file = await written([Buffer.from('x')]);
    const whole = readFileSync(file);
    for (const change of ['"logN":19', '"logN":99']) {
      const text = whole.toString('latin1').replace('"logN":14', change);
      writeFileSync(file, Buffer.from(text, 'latin1'));
      expect(await codeOf(() => contentOf(file))).toBe('bundle-unreadable');
    }
    const newer = Buffer.from(whole);
    newer[8] = 2;
    writeFileSync(file, newer);
    expect(await codeOf(() => contentOf(file))).toBe('bundle-unreadable');
    expect(await codeOf(() => contentOf(folder()))).toBe('bundle-unreadable');
  });
});

function blocksOf(whole: Buffer): { head: Buffer; blocks: Buffer[] } {
  const start = 13 + whole.readUInt32BE(9);
  const blocks: Buffer[] = [];
  for (let at = start; at < whole.length; ) {
    const end = at + 4 + whole.readUInt32BE(at);
    blocks.push(whole.subarray(at, end));
    at = end;
  }
  return { head: whole.subarray(0, start), blocks };
}
