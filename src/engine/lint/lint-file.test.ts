import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missingLink } from '../../core/lint/reading-rules.ts';
import { wholeExample } from '../../core/lint/rule.ts';
import { lintFile } from './lint-file.ts';
import { findShellcheck } from './shellcheck.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-lint-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const linted = async (text: string, shellcheck: string | null = null) => {
  const path = join(folder, 'a.md');
  writeFileSync(path, text);
  return lintFile(path, { shellcheck });
};

it('finds nothing in the practice drill', async () => {
  const drill = join(import.meta.dirname, '../../../runbooks/practice/restore-orders.md');
  const shellcheck = await findShellcheck(process.env.PATH);
  expect(await lintFile(drill, { shellcheck })).toEqual([]);
});

describe('missing-link', () => {
  it('is what its examples say', async () => {
    expect(await linted(wholeExample(missingLink.bad))).toMatchObject([
      { rule: 'missing-link', severity: 'warning', column: 13 },
    ]);
    expect(await linted(wholeExample(missingLink.good))).toEqual([]);
  });

  it('looks at files only, and never at code', async () => {
    writeFileSync(join(folder, 'my map.md'), '');
    mkdirSync(join(folder, 'sub'));
    const found = await linted(
      [
        '# Links',
        '[there](my%20map.md) [there](<my map.md>) [there](./my%20map.md#part) [folder](sub)',
        '[site](/docs/a.md) [host](//x/a.md) [mail](mailto:a@b.md) [page](#a.md) [t]({{ x }}.md)',
        '`[code](gone.md)` [page](guide/) [page](page.html)',
        '```text',
        '[code](gone.md)',
        '```',
        '![picture](gone.png "A title") and [gone](../gone.md?plain=1)',
        '[def]: gone.md',
        '1. Do it',
      ].join('\n'),
    );
    expect(found.map(({ line, message }) => [line, message])).toEqual([
      [8, 'There is no file gone.png.'],
      [8, 'There is no file ../gone.md.'],
      [9, 'There is no file gone.md.'],
    ]);
  });
});

describe('shellcheck', () => {
  /** Answers with one comment, whatever it is asked. */
  function fake(answer: string): string {
    const program = join(folder, 'shellcheck');
    writeFileSync(
      program,
      `#!/bin/sh\n/bin/cat >"$0.in"\n/bin/cat <<'END'\n${answer}\nEND\nexit 1\n`,
    );
    chmodSync(program, 0o755);
    return program;
  }
  const text = '# T\n\n1. Do\n\n   ```console\n   $ echo one\n   one\n   $ ls $A\n   two\n   ```\n';

  it.skipIf(process.platform === 'win32')('puts comments at their place in the file', async () => {
    const program = fake(
      '{"comments":[{"line":2,"column":4,"code":2086,"message":"Double quote","level":"info"}]}',
    );
    const found = await linted(text, program);
    expect(found).toMatchObject([
      {
        rule: 'shellcheck/SC2086',
        severity: 'warning',
        line: 8,
        column: 9,
        message: 'Double quote.',
      },
    ]);
  });

  it.skipIf(process.platform === 'win32')(
    'says nothing when the program does not work',
    async () => {
      expect(await linted(text, fake('no JSON'))).toEqual([]);
      expect(await linted(text, join(folder, 'nowhere'))).toEqual([]);
    },
  );

  it('is found on the PATH alone', async () => {
    expect(await findShellcheck('')).toBeNull();
    expect(await findShellcheck(undefined)).toBeNull();
    if (process.platform === 'win32') return;
    fake('{}');
    expect(await findShellcheck(`:${folder}`)).toBe(join(folder, 'shellcheck'));
  });

  it('works with the real program, where there is one', async () => {
    const program = await findShellcheck(process.env.PATH);
    if (program === null) return;
    const found = await linted('# T\n\n```bash\nx=$(date)\nls $x\n```\n', program);
    expect(found).toMatchObject([{ rule: 'shellcheck/SC2086', line: 5, column: 4 }]);
  });
});
