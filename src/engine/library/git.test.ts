import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderInGit, lastChange } from './git.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...args: string[]): void {
  execFileSync('git', ['-C', root, ...args], {
    stdio: 'ignore',
    env: {
      ...process.env,
      GIT_AUTHOR_NAME: 'Ada Operator',
      GIT_AUTHOR_EMAIL: 'ada@example.org',
      GIT_AUTHOR_DATE: '2026-03-01T10:00:00+02:00',
      GIT_COMMITTER_NAME: 'Ada Operator',
      GIT_COMMITTER_EMAIL: 'ada@example.org',
    },
  });
}

function repository(): void {
  git('init', '--quiet', '--initial-branch=trunk');
  mkdirSync(join(root, 'guides'));
  writeFileSync(join(root, 'guides', 'a.md'), '# A\n');
  writeFileSync(join(root, 'other.txt'), 'x\n');
  git('add', '.');
  git('commit', '--quiet', '-m', 'Write the guide: "first" \u00fcber');
}

const hasGit = (() => {
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasGit)('a folder in git', () => {
  it('has a branch, and is dirty when something in it is not committed', async () => {
    repository();
    const guides = join(root, 'guides');
    expect(await folderInGit(guides)).toEqual({ branch: 'trunk', dirty: false });
    writeFileSync(join(root, 'other.txt'), 'changed\n');
    expect(await folderInGit(guides)).toEqual({ branch: 'trunk', dirty: false });
    expect(await folderInGit(root)).toEqual({ branch: 'trunk', dirty: true });
    writeFileSync(join(guides, 'new.md'), '# New\n');
    expect(await folderInGit(guides)).toEqual({ branch: 'trunk', dirty: true });
    git('checkout', '--quiet', '--detach');
    expect(await folderInGit(guides)).toEqual({ branch: null, dirty: true });
  });

  it('tells who changed a file last', async () => {
    repository();
    expect(await lastChange(join(root, 'guides', 'a.md'))).toEqual({
      author: 'Ada Operator',
      at: '2026-03-01T08:00:00.000Z',
      subject: 'Write the guide: "first" \u00fcber',
    });
    writeFileSync(join(root, ':(top)other.md'), 'x');
    expect(await lastChange(join(root, ':(top)other.md'))).toBeNull();
    expect(await lastChange(join(root, 'gone', 'x.md'))).toBeNull();
  });

  it('knows nothing outside a repository, or of one without a commit', async () => {
    expect(await folderInGit(root)).toBeNull();
    expect(await lastChange(join(root, 'x.md'))).toBeNull();
    git('init', '--quiet', '--initial-branch=trunk');
    expect(await folderInGit(root)).toEqual({ branch: 'trunk', dirty: false });
    expect(await lastChange(join(root, 'x.md'))).toBeNull();
  });
});

describe.skipIf(!hasGit || process.platform === 'win32')('a hostile repository', () => {
  const trace = () => join(root, 'it-ran');

  function hostile(): void {
    const script = join(root, 'evil.sh');
    writeFileSync(script, `#!/bin/sh\ntouch '${trace()}'\ncat\n`);
    chmodSync(script, 0o755);
    const hooks = join(root, 'hooks');
    mkdirSync(hooks);
    for (const hook of ['post-index-change', 'fsmonitor-watchman', 'reference-transaction']) {
      writeFileSync(join(hooks, hook), `#!/bin/sh\ntouch '${trace()}'\n`);
      chmodSync(join(hooks, hook), 0o755);
    }
    for (const [name, value] of [
      ['core.fsmonitor', script],
      ['core.hooksPath', hooks],
      ['core.pager', script],
      ['core.sshCommand', script],
      ['core.askPass', script],
      ['core.gitProxy', script],
      ['core.alternateRefsCommand', script],
      ['diff.external', script],
      ['diff.evil.textconv', script],
      ['diff.evil.command', script],
      ['log.showSignature', 'true'],
      ['gpg.program', script],
      ['pager.status', script],
      ['pager.rev-list', script],
      ['alias.status', `!${script}`],
      ['credential.helper', script],
      ['remote.origin.url', `ext::${script}`],
      ['remote.origin.promisor', 'true'],
      ['protocol.ext.allow', 'always'],
      ['extensions.partialClone', 'origin'],
      ['core.repositoryformatversion', '1'],
    ] as const) {
      git('config', name, value);
    }
    writeFileSync(join(root, '.gitattributes'), '*.md diff=evil filter=evil\n');
    // The file is of another time, so that its content would have to be compared.
    utimesSync(join(root, 'guides', 'a.md'), new Date(0), new Date(0));
  }

  it('runs nothing that its configuration names', async () => {
    repository();
    hostile();
    expect(await folderInGit(root)).toMatchObject({ branch: 'trunk', dirty: true });
    expect(await lastChange(join(root, 'guides', 'a.md'))).toMatchObject({
      author: 'Ada Operator',
    });
    expect(existsSync(trace())).toBe(false);
  });

  it('is not compared where it defines a filter', async () => {
    repository();
    hostile();
    git('config', 'filter.evil.clean', join(root, 'evil.sh'));
    git('config', 'filter.evil.process', join(root, 'evil.sh'));
    expect(await folderInGit(root)).toEqual({ branch: 'trunk', dirty: null });
    expect(existsSync(trace())).toBe(false);
    // So is one whose filter stands in a file that its configuration includes.
    git('config', '--unset', 'filter.evil.clean');
    git('config', '--unset', 'filter.evil.process');
    writeFileSync(join(root, 'more'), `[filter "evil"]\n\tclean = ${join(root, 'evil.sh')}\n`);
    git('config', 'include.path', join(root, 'more'));
    expect(await folderInGit(root)).toEqual({ branch: 'trunk', dirty: null });
    expect(existsSync(trace())).toBe(false);
  });

  it('fetches nothing that it lacks', async () => {
    repository();
    hostile();
    rmSync(join(root, '.git', 'objects'), { recursive: true });
    mkdirSync(join(root, '.git', 'objects'));
    await folderInGit(root);
    expect(await lastChange(join(root, 'guides', 'a.md'))).toBeNull();
    expect(existsSync(trace())).toBe(false);
  });
});
