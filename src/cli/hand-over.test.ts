import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { annotated, folder, muster, runbook, shellStep, summary } from './test/muster.ts';

/** Two machines: two homes, and a file that goes from one to the other. */

const text = annotated(
  `${shellStep('before', 'echo done on the first machine')}### Look\n- [ ] look\n${shellStep('after', 'echo done on the second machine')}`,
);

function secret(words = 'four words of nothing'): string[] {
  const path = join(folder(), 'passphrase');
  writeFileSync(path, `${words}\n`);
  return ['--passphrase-file', path];
}

async function waiting(home: string): Promise<string> {
  const { code, out } = await muster(home, 'run', runbook(text), '--auto', '--json');
  expect(code).toBe(3);
  return summary(out).id;
}

it('a run goes on at another machine, and its record verifies there from the first event', async () => {
  const [one, two] = [folder(), folder()];
  const run = await waiting(one);
  const file = join(folder(), 'run.muster');
  const words = secret();
  const give = ['hand-over', run, '--to', 'Bo', '--out', file, '--reason', 'End of my shift.'];
  const given = await muster(one, ...give, ...words);
  expect(given).toMatchObject({ code: 0, err: '' });
  expect(given.out).toContain('read-only here');
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);

  const wrong = await muster(two, 'take-over', file, ...secret('other words of nothing'));
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.err).toContain('does not open');
  expect((await muster(two, 'runs')).out).toContain('No run is on record.');

  const taken = await muster(two, 'take-over', file, ...words);
  expect(taken).toMatchObject({ code: 0, err: '' });
  expect(taken.out).toContain(`Go on with: muster resume ${run}`);
  const again = await muster(two, 'take-over', file, ...words);
  expect(again.err).toContain('on this machine already');

  const step = (id: string) => `--answer=${id}=done`;
  const resumed = await muster(two, 'resume', run, '--auto', '--json', step('look'));
  expect(resumed.code).toBe(0);
  expect(summary(resumed.out)).toMatchObject({ outcome: 'succeeded' });
  expect(resumed.out).toContain('"kind":"run.taken-over"');
  const verified = JSON.parse((await muster(two, 'verify', run, '--json')).out);
  expect(verified.bad).toBeNull();
  const report = await muster(two, 'report', run);
  expect(report.out).toContain('Handed over to Bo. End of my shift.');
  expect(report.out).toContain('done on the first machine');
  expect(report.out).toContain('done on the second machine');
});

it('a run that was handed over is read-only where it came from, until it is taken back', async () => {
  const home = folder();
  const run = await waiting(home);
  const file = join(folder(), 'run.muster');
  const words = secret();
  await muster(home, 'hand-over', run, '--to', 'Bo', '--out', file, ...words);
  const resumed = await muster(home, 'resume', run, '--auto', '--answer=look=done');
  expect(resumed).toMatchObject({ code: 2 });
  expect(resumed.err).toContain('Bo');
  expect((await muster(home, 'verify', run)).code).toBe(0);

  const lost = join(folder(), 'again.muster');
  const other = await muster(home, 'hand-over', run, '--to', 'Cy', '--out', lost, ...words);
  expect(other.err).toContain('handed over to Bo already');
  expect(existsSync(lost)).toBe(false);
  expect((await muster(home, 'hand-over', run, '--to', 'bo', '--out', lost, ...words)).code).toBe(
    0,
  );
  expect((await muster(home, 'take-over', lost, ...words)).err).toContain('--back');
  expect((await muster(home, 'take-over', lost, '--back', ...words)).code).toBe(0);
  const done = await muster(home, 'resume', run, '--auto', '--json', '--answer=look=done');
  expect(summary(done.out)).toMatchObject({ outcome: 'succeeded' });
});

it('a file that was changed or cut leaves nothing, and one that is there is not written over', async () => {
  const [one, two] = [folder(), folder()];
  const run = await waiting(one);
  const file = join(folder(), 'run.muster');
  const words = secret();
  writeFileSync(file, 'mine');
  const refused = await muster(one, 'hand-over', run, '--to', 'Bo', '--out', file, ...words);
  expect(refused.err).toContain('is there already');
  expect(readFileSync(file, 'utf8')).toBe('mine');
  const out = join(folder(), 'run.muster');
  await muster(one, 'hand-over', run, '--to', 'Bo', '--out', out, ...words);
  const whole = readFileSync(out);
  for (const change of [
    whole.subarray(0, whole.length - 20),
    Buffer.concat([whole, whole]),
    Buffer.concat([whole.subarray(0, -1), Buffer.from([(whole.at(-1) ?? 0) ^ 1])]),
  ]) {
    writeFileSync(file, change);
    const { code, err } = await muster(two, 'take-over', file, ...words);
    expect(code).toBe(2);
    expect(err).toContain('Nothing was recorded here.');
  }
  expect((await muster(two, 'runs')).out).toContain('No run is on record.');
});
