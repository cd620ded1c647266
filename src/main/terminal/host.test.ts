import { beforeEach, describe, expect, it } from 'vitest';
import { HIGH_WATER } from '../../engine/terminal/flow-control.ts';
import type { Pty } from '../../engine/terminal/session.ts';
import type { ToView } from '../../shared/terminal-port.ts';
import { TerminalHost, type ViewPort } from './host.ts';
import type { FromHost } from './messages.ts';

/** More than is gathered, so that it is handed on at once. */
const PIECE = 64 * 1024;

class FakePty implements Pty {
  readonly pid = 2 ** 30;
  isPaused = false;
  written = '';
  #data: (data: Uint8Array) => void = () => {};
  #exit: (exit: { exitCode: number }) => void = () => {};
  onData(listener: (data: Uint8Array) => void): void {
    this.#data = listener;
  }
  onExit(listener: (exit: { exitCode: number }) => void): void {
    this.#exit = listener;
  }
  write(data: string): void {
    this.written += data;
  }
  resize(): void {}
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  kill(): void {}
  print(character: string, length = PIECE): void {
    this.#data(Buffer.from(character.repeat(length)));
  }
  exit(exitCode: number): void {
    this.#exit({ exitCode });
  }
}

let told: FromHost[] = [];
let ptys: FakePty[] = [];
let host: TerminalHost;
beforeEach(() => {
  told = [];
  ptys = [];
  host = new TerminalHost(
    (message) => void told.push(message),
    () => {
      const pty = new FakePty();
      ptys.push(pty);
      return pty;
    },
  );
});

function open(terminal: string, recorded = false): FakePty {
  const size = { columns: 80, rows: 24 };
  host.obey({
    kind: 'open',
    terminal,
    file: 'sh',
    args: [],
    cwd: '/',
    env: {},
    ...size,
    recorded,
  });
  const pty = ptys.at(-1);
  if (pty === undefined) throw new Error('no terminal was opened');
  return pty;
}

function page() {
  const shown: ToView[] = [];
  const port: ViewPort & { isClosed: boolean } = {
    isClosed: false,
    post: (message) => void shown.push(message),
    close() {
      this.isClosed = true;
    },
  };
  const texts = () =>
    shown.map(({ kind, data }) => [kind, new TextDecoder().decode(data).slice(0, 3)]);
  return { say: host.join(port), port, texts };
}

describe('the process that owns the terminals', () => {
  it('sends a view what was shown, and then what comes', () => {
    const pty = open('t');
    const { say, texts } = page();
    pty.print('a');
    expect(texts()).toEqual([]);
    say({ kind: 'show', terminal: 't' });
    pty.print('b');
    expect(texts()).toEqual([
      ['replay', 'aaa'],
      ['data', 'bbb'],
    ]);
    say({ kind: 'hide', terminal: 't' });
    pty.print('c');
    expect(texts()).toHaveLength(2);
  });

  it('waits for a view that has not drawn, and for nobody else', () => {
    const pty = open('t');
    for (let sent = 0; sent <= HIGH_WATER; sent += PIECE) pty.print('a');
    expect(pty.isPaused).toBe(false);
    const { say, port } = page();
    say({ kind: 'show', terminal: 't' });
    for (let sent = 0; sent <= HIGH_WATER; sent += PIECE) pty.print('a');
    expect(pty.isPaused).toBe(true);
    say({ kind: 'acknowledge', terminal: 't', bytes: HIGH_WATER });
    expect(pty.isPaused).toBe(false);
    for (let sent = 0; sent <= HIGH_WATER; sent += PIECE) pty.print('a');
    expect(pty.isPaused).toBe(true);
    // The page crashed.
    host.leave(port);
    expect(pty.isPaused).toBe(false);
  });

  it('listens to the newest page alone', () => {
    const pty = open('t');
    const old = page();
    old.say({ kind: 'show', terminal: 't' });
    const { say, texts } = page();
    expect(old.port.isClosed).toBe(true);
    old.say({ kind: 'show', terminal: 't' });
    pty.print('a');
    expect(texts()).toEqual([]);
    say({ kind: 'show', terminal: 't' });
    host.leave(old.port);
    pty.print('b');
    expect(texts()).toEqual([
      ['replay', 'aaa'],
      ['data', 'bbb'],
    ]);
  });

  it.each([
    ['a terminal to be opened', { kind: 'open', terminal: 'x', file: 'sh', args: [], cwd: '/' }],
    ['keys', { kind: 'write', terminal: 't', data: 'rm -r /' }],
    ['an end', { kind: 'close', terminal: 't' }],
    ['a terminal that there is not', { kind: 'show', terminal: 'x' }],
    ['less than nothing', { kind: 'acknowledge', terminal: 't', bytes: -1 }],
    ['nothing', null],
  ])('takes from a page no message of %s', (_, message) => {
    const pty = open('t');
    const { say, texts } = page();
    say(message);
    expect(ptys).toHaveLength(1);
    expect(pty.written).toBe('');
    expect(texts()).toEqual([]);
    expect(told).toEqual([]);
  });

  it('tells what a recorded terminal shows, and of others nothing', () => {
    open('shell').print('a');
    expect(told).toEqual([]);
    open('step', true).print('b');
    expect(told).toMatchObject([{ kind: 'data', terminal: 'step' }]);
  });

  it('keeps what an ended terminal showed until its tab is closed', () => {
    const pty = open('t');
    pty.print('bye', 1);
    pty.exit(3);
    expect(told).toEqual([{ kind: 'ended', terminal: 't', exitCode: 3, signal: null }]);
    const { say, texts } = page();
    say({ kind: 'show', terminal: 't' });
    expect(texts()).toEqual([['replay', 'bye']]);
    host.obey({ kind: 'close', terminal: 't' });
    say({ kind: 'show', terminal: 't' });
    expect(texts()).toHaveLength(1);
  });

  it('shows why a terminal could not begin', () => {
    host = new TerminalHost(
      (message) => void told.push(message),
      () => {
        throw new Error('no more pseudo-terminals');
      },
    );
    expect(() => open('t')).toThrow('no terminal was opened');
    expect(told).toEqual([{ kind: 'refused', terminal: 't', why: 'no more pseudo-terminals' }]);
    const { say, texts } = page();
    say({ kind: 'show', terminal: 't' });
    expect(texts()).toEqual([['replay', '\r\nT']]);
  });
});
