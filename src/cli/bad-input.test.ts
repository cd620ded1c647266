import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { annotated, folder, lines, muster, runbook, shellStep } from './test/muster.ts';

/** Every refusal: code 2, nothing on standard output, nothing recorded, and what to do about it. */
async function refusal(...args: string[]): Promise<string> {
  const home = folder();
  const { code, out, err } = await muster(home, ...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).not.toContain('fault of its own');
  expect(JSON.parse((await muster(home, 'runs', '--json')).out)).toEqual([]);
  return err;
}

const ok = annotated(shellStep('a', 'echo hello'));

describe('a file that cannot be run', () => {
  it('with broken front matter is refused with the place, and still shown', async () => {
    const file = runbook(
      `---\nrunbook: 1\ntitle: [broken\n---\n# T\n\n## A\n${shellStep('a', 'ls')}`,
    );
    const said = await refusal('run', file, '--auto');
    expect(said).toMatch(/^.*runbook\.md:\d+:\d+: The runbook cannot run: The front matter/);
    expect(said).toContain(file);
    expect(said).toContain('Nothing has run.');
    expect(said).toContain('Correct this line.');
    const shown = await muster(folder(), 'show', file);
    expect(shown.code).toBe(0);
    expect(shown.out).toMatch(/error 3:\d+: The front matter is not valid YAML/);
  });

  it('with duplicate ids is refused with the place of the second', async () => {
    const file = runbook(annotated(shellStep('a', 'ls') + shellStep('a', 'ls')));
    const said = await refusal('run', file);
    expect(said).toContain(`${file}:12:8: `);
    expect(said).toContain('Two steps have the id "a".');
    expect(said).toContain('Give each step an id of its own.');
  });

  it('in Latin-1 is shown, and refused with the line of the first such byte', async () => {
    const text = annotated(shellStep('a', 'echo caf\xe9'));
    const file = runbook(Buffer.from(text, 'latin1'));
    const said = await refusal('run', file);
    expect(said).toContain(`${file}:9:1: The runbook cannot run: The file is not UTF-8`);
    expect(said).toContain('Save it as UTF-8');
    expect((await muster(folder(), 'show', file, '--json')).out).toContain('Step a');
  });

  it.each([
    ['binary data', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]), 'it holds binary data'],
    ['UTF-16', Buffer.from('\ufeff# T\n', 'utf16le'), 'is written in UTF-16'],
  ])('with %s under a Markdown name is refused', async (_name, bytes, words) => {
    const file = runbook(bytes);
    for (const command of ['run', 'show']) {
      const said = await refusal(command, file);
      expect(said).toContain(words);
      expect(said).toContain('The file was not changed.');
    }
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('that is not there, is a folder, or is no Markdown is refused in as many words', async () => {
    const at = folder();
    const missing = await refusal('run', join(at, 'missing.md'));
    expect(missing).toBe(
      `There is no file ${join(at, 'missing.md')}.\nRuns that used it keep its text.\nChoose another file, or restore this one.\n`,
    );
    mkdirSync(join(at, 'folder.md'));
    expect(await refusal('show', join(at, 'folder.md'))).toContain('is not a file.');
    writeFileSync(join(at, 'notes.txt'), 'text');
    expect(await refusal('run', join(at, 'notes.txt'))).toContain('is not a Markdown file.');
  });

  it('of 20 MB is shown, and of more than 32 MB refused with its size', async () => {
    const big = runbook(`# Big\n${'## A phase\nSome words about it.\n'.repeat(20 * 32 * 1024)}`);
    const shown = await muster(folder(), 'show', big, '--json');
    expect(shown.code).toBe(0);
    const { findings } = JSON.parse(shown.out) as { findings: { rule: string }[] };
    expect(findings.map(({ rule }) => rule)).toContain('too-large');
    const said = await refusal('run', runbook('x'.repeat(33 * 1024 * 1024)));
    expect(said).toContain('has 33.0 MB; Muster reads runbooks of up to 32 MB.');
    expect(said).toContain('Split it into several runbooks.');
  });
});

describe('options that do not fit', () => {
  const asking = annotated(
    `${shellStep('a', 'echo "$backup"')}### Which way?\n\`\`\`ask {id=way}\nquestion: Which way?\nchoices: [left, right]\n\`\`\`\n### Look\n- [ ] look\n`,
  ).replace(
    'runbook: 1\n',
    'runbook: 1\ninputs:\n  backup: {type: string, pattern: "^[0-9]{8}$"}\n',
  );
  const good = ['--input', 'backup=20260101'];

  it.each([
    [['--input', 'backup=yesterday'], 'backup does not have the form ^[0-9]{8}$'],
    [[], 'backup'],
    [[...good, '--input', 'other=1'], 'The runbook has no input "other".'],
    [['--input', 'backup'], '--input backup is not of the form NAME=VALUE.'],
    [[...good, '--answer', 'wy=left'], 'the runbook has no step wy'],
    [[...good, '--answer', 'way=up'], '"up" is none of the choices.'],
    [[...good, '--answer', 'a=yes'], 'runs a command and asks nothing'],
    [[...good, '--yes', 'everything'], 'Allowed choices are safe, disruptive, destructive.'],
    [
      [...good, '--mode', 'exercise'],
      'Allowed choices are rehearsal, drill, incident, maintenance.',
    ],
    [[...good, '--frobnicate'], "unknown option '--frobnicate'"],
  ])('%j are refused before anything runs', async (options, words) => {
    const said = await refusal('run', runbook(asking), '--auto', ...options);
    expect(said).toContain(words);
  });

  it.each(['resume', 'report', 'verify'])('%s of a run that there is not', async (command) => {
    const said = await refusal(command, '20200101-000000-aaaa');
    expect(said).toBe(
      'There is no run 20200101-000000-aaaa.\nNothing was changed.\nList the runs and choose one of them.\n',
    );
  });

  it('a --resolve that names no step, no end, or a step that is done', async () => {
    const home = folder();
    const first = await muster(home, 'run', runbook(asking), '--auto', ...good, '--json');
    expect(first.code).toBe(3);
    const { run } = lines(first.out)[0] as { run: string };
    for (const [given, words] of [
      ['nowhere=retry', 'the runbook has no step nowhere'],
      ['way=perhaps', 'is none of the choices. Use'],
      ['a=retry', '"Step a" is done.'],
    ] as const) {
      const { code, out, err } = await muster(home, 'resume', run, '--resolve', given);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err.replace('\nNothing has run.\n', ' ')).toContain(words);
    }
    const { code } = await muster(home, 'verify', run);
    expect(code).toBe(0);
  });
});

it('a good file runs, so that the refusals above are not everything it can do', async () => {
  const { code, out } = await muster(folder(), 'run', runbook(ok), '--auto');
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('hello') });
});
