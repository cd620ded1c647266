import { describe, expect, it } from 'vitest';
import { handedOver, parseCommandLine } from './command-line.ts';

const context = { cwd: '/home/ada', bundled: '/app/runbooks' };
const open = (...args: string[]) => parseCommandLine(['/usr/bin/electron', ...args], context).open;

describe('the command line of the app', () => {
  it('opens the library when nothing is said', () => {
    expect(open()).toBeNull();
    expect(open('.')).toBeNull();
    expect(open('--no-sandbox', '--inspect=0', '/app/out/main/index.js')).toBeNull();
  });
  it('opens a Markdown file, from where the person stands', () => {
    expect(open('.', 'guides/restore.md')).toBe('/home/ada/guides/restore.md');
    expect(open('/srv/Failover.MARKDOWN')).toBe('/srv/Failover.MARKDOWN');
  });
  it('opens the practice drill', () => {
    expect(open('.', '--practice')).toBe('/app/runbooks/practice/restore-orders.md');
  });
  it('does not take a switch for a file', () => {
    expect(open('--log-file=/tmp/x.md')).toBeNull();
  });
});

describe('what another start hands over', () => {
  it('is a path or nothing', () => {
    expect(handedOver({ open: '/a.md' })).toBe('/a.md');
    for (const data of [null, undefined, 'x', {}, { open: null }, { open: 5 }, { open: '' }]) {
      expect(handedOver(data)).toBeNull();
    }
  });
});
