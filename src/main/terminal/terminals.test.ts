import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Push } from '../ipc/push.ts';
import type { HostProcess } from './host-link.ts';
import type { FromHost, ToHost } from './messages.ts';
import { Terminals } from './terminals.ts';

let posted: ToHost[] = [];
let told: [string, unknown][] = [];
let say: (message: FromHost) => void = () => {};
let exit: () => void = () => {};

const push: Push = (name, payload) => {
  told.push([name, payload]);
  return true;
};

function start(): HostProcess {
  return {
    post: (message) => void posted.push(message),
    join: () => {},
    onMessage: (listener) => {
      say = listener;
    },
    onExit: (listener) => {
      exit = listener;
    },
    kill: () => {},
  };
}

let terminals: Terminals;
beforeEach(() => {
  posted = [];
  told = [];
  terminals = new Terminals(start, push);
  return () => terminals.shutDown();
});

function openShell(): string {
  const shell = { file: '/bin/bash', args: [] };
  const size = { columns: 80, rows: 24 };
  return terminals.openShell({ run: 'r', shell, env: { A: '1' }, ...size }).terminal;
}

function interactive(signal = new AbortController().signal) {
  const onData = vi.fn();
  const end = terminals.interactive.run({
    run: 'r',
    step: 's',
    attempt: 1,
    title: 'Log in',
    file: '/bin/sh',
    args: ['script'],
    cwd: '/',
    env: {},
    onData,
    signal,
  });
  return { end, onData, terminal: terminals.list()[0]?.terminal ?? '' };
}

describe('the terminals of the app', () => {
  it('open a shell with the name of its program', () => {
    const terminal = openShell();
    expect(posted[0]).toMatchObject({ kind: 'open', terminal, file: '/bin/bash', env: { A: '1' } });
    expect(posted[0]).toMatchObject({ recorded: false });
    expect(terminals.list()).toEqual([{ terminal, title: 'bash', run: 'r', step: null }]);
  });

  it('forget one that ended', () => {
    const terminal = openShell();
    say({ kind: 'ended', terminal, exitCode: 3, signal: null });
    expect(told.at(-1)).toEqual(['terminal.exited', { terminal, exitCode: 3 }]);
    expect(terminals.list()).toEqual([]);
    terminals.close(terminal);
    expect(posted.at(-1)).toEqual({ kind: 'close', terminal });
  });

  it('carry an interactive step to its exit code, with everything it showed', async () => {
    const { end, onData, terminal } = interactive();
    expect(told[0]).toEqual([
      'terminal.opened',
      { terminal, title: 'Log in', run: 'r', step: 's' },
    ]);
    expect(posted[0]).toMatchObject({ kind: 'open', recorded: true });
    const shown = new TextEncoder().encode('password for Zoë: ');
    // Cut in the middle of a character.
    say({ kind: 'data', terminal, data: shown.slice(0, 16) });
    say({ kind: 'data', terminal, data: shown.slice(16) });
    say({ kind: 'ended', terminal, exitCode: 0, signal: null });
    expect(await end).toEqual({ exitCode: 0, signal: null });
    expect(onData.mock.calls.flat().join('')).toBe('password for Zoë: ');
  });

  it('end an interactive step when it is cancelled', async () => {
    const cancel = new AbortController();
    const { end, terminal } = interactive(cancel.signal);
    cancel.abort();
    expect(posted.at(-1)).toEqual({ kind: 'kill', terminal });
    say({ kind: 'ended', terminal, exitCode: null, signal: 'SIGHUP' });
    expect(await end).toEqual({ exitCode: null, signal: 'SIGHUP' });
  });

  it('do not begin a step that was cancelled before', async () => {
    const { end } = interactive(AbortSignal.abort());
    await expect(end).rejects.toThrow();
    expect(posted).toEqual([]);
  });

  it('say so when the system refuses', async () => {
    const { end, terminal } = interactive();
    say({ kind: 'refused', terminal, why: 'no more pseudo-terminals' });
    await expect(end).rejects.toMatchObject({ problem: { code: 'terminal-refused' } });
    expect(told.at(-1)).toEqual(['terminal.exited', { terminal, exitCode: null }]);
  });

  it('end with a message when their process is lost', async () => {
    const { end } = interactive();
    exit();
    await expect(end).rejects.toMatchObject({ problem: { code: 'terminal-lost' } });
    expect(told.at(-1)).toEqual(['terminal.lost', undefined]);
    expect(terminals.list()).toEqual([]);
  });
});
