import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { HIGH_WATER } from './flow-control.ts';
import { type SessionEnd, TerminalSession } from './session.ts';
import { spawnPty } from './spawn-pty.ts';

const open: TerminalSession[] = [];
afterEach(() => {
  for (const session of open.splice(0)) session.kill();
});

interface Watched {
  session: TerminalSession;
  received: () => string;
  end: Promise<SessionEnd>;
}

/** Starts a script; acknowledges everything at once when `drawn`, else nothing. */
function start(script: string, drawn: boolean): Watched {
  let text = '';
  const decoder = new TextDecoder();
  let finish: (end: SessionEnd) => void = () => {};
  const end = new Promise<SessionEnd>((resolve) => {
    finish = resolve;
  });
  const pty = spawnPty({
    file: '/bin/sh',
    args: ['-c', script],
    cwd: '/',
    env: { PATH: process.env.PATH ?? '' },
    columns: 80,
    rows: 24,
  });
  const session: TerminalSession = new TerminalSession(pty, {
    data: (data) => {
      text += decoder.decode(data, { stream: true });
      if (drawn) session.acknowledge(data.length);
    },
    ended: finish,
  });
  open.push(session);
  return { session, received: () => text, end };
}

async function until(condition: () => boolean, ms = 5_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('condition not met in time');
    await delay(10);
  }
}

describe.skipIf(process.platform === 'win32')('a terminal session', () => {
  it('hands on output and the exit code', async () => {
    const { end, received } = start('printf hello; exit 7', true);
    expect(await end).toEqual({ exitCode: 7, signal: null });
    expect(received()).toBe('hello');
  });

  it('names the signal that ended the process', async () => {
    const { end } = start('kill -KILL $$', true);
    expect(await end).toEqual({ exitCode: null, signal: 'SIGKILL' });
  });

  it('holds a flood back while nobody draws, and lets Ctrl-C end it', async () => {
    const { session, end, received } = start('exec yes flood', false);
    await until(() => received().length > HIGH_WATER);
    await delay(300);
    const held = received().length;
    // What one more batch and the system's buffer may add.
    expect(held).toBeLessThan(HIGH_WATER + 256 * 1024);
    await delay(300);
    expect(received().length).toBe(held);
    session.write('\x03');
    expect(await end).toEqual({ exitCode: null, signal: 'SIGINT' });
  });

  it('goes on when the reader caught up', async () => {
    const { session, received } = start('exec yes flood', false);
    await until(() => received().length > HIGH_WATER);
    await delay(200);
    const held = received().length;
    session.acknowledgeAll();
    await until(() => received().length > held);
    session.kill();
  });

  it('keeps the last line of a process that ends while it is held back', async () => {
    const { end, received } = start(
      // A little more than the view takes; the system's buffer, of some 20 KB, holds the rest.
      `yes 0123456789012345678901234567 | head -n ${Math.ceil((HIGH_WATER + 15_000) / 30)}; echo last`,
      false,
    );
    await end;
    expect(received().trimEnd().endsWith('last')).toBe(true);
  });

  it('kills a process that ignores the hang-up', async () => {
    const { session, end, received } = start(
      'trap "" HUP; echo on; while :; do sleep 1; done',
      true,
    );
    await until(() => received().includes('on'));
    session.kill();
    expect(await end).toEqual({ exitCode: null, signal: 'SIGKILL' });
  });

  it('keeps characters whole across reads', async () => {
    const { end, received } = start(
      'i=0; while [ $i -lt 3000 ]; do printf "é€😀"; i=$((i+1)); done',
      true,
    );
    await end;
    expect(received()).toBe('é€😀'.repeat(3000));
  });

  it('hands on a flood whole and in order, however often it is held back', async () => {
    const numbers = 600_000;
    const { session, end, received } = start(`seq -f '%.0f €' 1 ${numbers}; sleep 0.2`, false);
    const drawing = setInterval(() => {
      if (session.unacknowledged > HIGH_WATER) session.acknowledgeAll();
    }, 30);
    await end.finally(() => clearInterval(drawing));
    const lines = received().trimEnd().split('\r\n');
    expect(lines).toHaveLength(numbers);
    expect(lines.findIndex((line, index) => line !== `${index + 1} €`)).toBe(-1);
  });

  it('accepts a long paste', async () => {
    const { session, end, received } = start(
      'stty raw -echo; echo on; head -c 300000 | wc -c',
      true,
    );
    await until(() => received().includes('on'));
    session.write('x'.repeat(300_000));
    await end;
    expect(received()).toContain('300000');
  });
});
