import { describe, expect, it } from 'vitest';
import { readTranscript } from './transcript.ts';

const read = (text: string, console = true) => readTranscript(text.split('\n'), console);

describe('transcripts', () => {
  it.each([
    ['$ a', { code: 'a', expected: null, plain: true }],
    ['$ a\n$ b', { code: 'a\nb', expected: null, plain: true }],
    ['# why\n$ a\n\n# and\n$ b', { code: '# why\na\n\n# and\nb', expected: null, plain: true }],
    [
      '$ a\none\n\n# two\n$ b\nthree\n',
      { code: 'a\nb', expected: 'one\n\n# two\nthree', plain: false },
    ],
    ['$ a \\\n>   b\nout', { code: 'a \\\n  b', expected: 'out', plain: false }],
    ['$ a |\n> b', { code: 'a |\nb', expected: null, plain: true }],
    ["$ echo 'a\n> b'\na\nb", { code: "echo 'a\nb'", expected: 'a\nb', plain: false }],
    ['$ cat <<EOF\n> a\n> EOF\na', { code: 'cat <<EOF\na\nEOF', expected: 'a', plain: false }],
    ['$ cat <<EOF\na\nEOF\nb', { code: 'cat <<EOF\na\nEOF', expected: 'b', plain: false }],
    [
      '$ for a in b; do\n> c\n> done',
      { code: 'for a in b; do\nc\ndone', expected: null, plain: true },
    ],
    [
      '# systemctl stop db\n# ls /srv',
      { code: 'systemctl stop db\nls /srv', expected: null, plain: false },
    ],
    ['ann@db-1:~$ ls\nx', { code: 'ls', expected: 'x', plain: false }],
    ['[root@db-1 srv]# ls\nx', { code: 'ls', expected: 'x', plain: false }],
  ])('read %j', (text, transcript) => expect(read(text)).toEqual(transcript));

  it('never run what was printed', () => {
    expect(read('$ curl -v x\n> GET / HTTP/1.1\n< 200')?.code).toBe('curl -v x');
    expect(read("$ echo don't\nrm -rf /")?.code).toBe("echo don't");
    expect(read('$ cat <<EOF\nrm -rf /')?.code).toBe('cat <<EOF');
  });

  it.each([
    '$ cat <<EOF',
    "$ echo '",
    '$ for a in b; do',
    '> x',
    '$ a \\\\',
    '# ls',
    'for done ;',
    '<< ',
  ])('read 5 MB of %j in time', { timeout: 10_000 }, (line) => {
    const many = ['$ a', ...new Array<string>(Math.ceil(5_000_000 / line.length)).fill(line)];
    readTranscript(many, true);
    readTranscript(['$ for x', `$ ${many.join(' ')}`], true);
  });

  it('are none without a prompt', () => {
    expect(read('ls\n$ a')).toBeNull();
    expect(read('# Now stop everything.\nls')).toBeNull();
    expect(read('mysql> select 1;')).toBeNull();
    expect(read('# systemctl stop db', false)).toBeNull();
    expect(read('ann@db-1:~$ ls', false)).toBeNull();
    expect(read('echo "$ a"', false)).toBeNull();
  });
});
