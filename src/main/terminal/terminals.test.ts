import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MusterError } from '../../core/problem.ts';
import type { Push } from '../ipc/push.ts';
import type { HostProcess } from './host-link.ts';
import type { FromHost, ToHost } from './messages.ts';
import { Terminals } from './terminals.ts';

let posted: ToHost[] = [];
let told: [string, unknown][] = [];
let hasWindow = true;
let say: (message: FromHost) => void = () => {};
let exit: () => void = () => {};

const push: Push = (name, payload) => {
  if (hasWindow) told.push([name, payload]);
  return hasWindow;
};

function start(): HostProcess {
  return {
    post: (message) => void posted.push(message),
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
  hasWindow = true;
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
    expect(terminals.list()).toEqual([{ terminal, title: 'bash', run: 'r', step: null }]);
  });

  it('show data and can show it again', () => {
    const terminal = openShell();
    say({ kind: 'data', terminal, data: 'one ' });
    say({ kind: 'data', terminal, data: 'two' });
    expect(told).toEqual([
      ['terminal.data', { terminal, data: 'one ' }],
      ['terminal.data', { terminal, data: 'two' }],
    ]);
    expect(terminals.replay(terminal)).toBe('one two');
    // A new view owes nothing of what the old one did not draw.
    expect(posted.at(-1)).toEqual({ kind: 'acknowledge', terminal, characters: null });
  });

  it('do not wait for a window that is not there', () => {
    const terminal = openShell();
    hasWindow = false;
    say({ kind: 'data', terminal, data: 'abc' });
    expect(posted.at(-1)).toEqual({ kind: 'acknowledge', terminal, characters: 3 });
  });

  it('keep what an ended terminal showed until its tab is closed', () => {
    const terminal = openShell();
    say({ kind: 'data', terminal, data: 'bye' });
    say({ kind: 'ended', terminal, exitCode: 3, signal: null });
    expect(told.at(-1)).toEqual(['terminal.exited', { terminal, exitCode: 3 }]);
    expect(terminals.list()).toEqual([]);
    expect(terminals.replay(terminal)).toBe('bye');
    terminals.close(terminal);
    expect(() => terminals.replay(terminal)).toThrow(MusterError);
  });

  it('carry an interactive step to its exit code, with everything it showed', async () => {
    const { end, onData, terminal } = interactive();
    expect(told[0]).toEqual([
      'terminal.opened',
      { terminal, title: 'Log in', run: 'r', step: 's' },
    ]);
    say({ kind: 'data', terminal, data: 'password: ' });
    say({ kind: 'ended', terminal, exitCode: 0, signal: null });
    expect(await end).toEqual({ exitCode: 0, signal: null });
    expect(onData).toHaveBeenCalledWith('password: ');
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
    expect(terminals.replay(terminal)).toContain('no more pseudo-terminals');
  });

  it('end with a message when their process is lost', async () => {
    const { end, terminal } = interactive();
    exit();
    await expect(end).rejects.toMatchObject({ problem: { code: 'terminal-lost' } });
    expect(terminals.replay(terminal)).toContain('lost');
    expect(terminals.list()).toEqual([]);
  });
});
