import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { basename } from 'node:path';
import type { MessagePortMain } from 'electron';
import { MusterError } from '../../core/problem.ts';
import type { InteractiveHost } from '../../engine/api.ts';
import type { SessionEnd } from '../../engine/terminal/session.ts';
import type { Push } from '../ipc/push.ts';
import { HostLink, type HostProcess } from './host-link.ts';
import type { FromHost } from './messages.ts';

interface Terminal {
  id: string;
  title: string;
  run: string | null;
  step: string | null;
  /** Whoever waits for it: an interactive step. Null for a shell. */
  recorder: Recorder | null;
}

interface Recorder {
  onData(data: Uint8Array): void;
  onEnd(end: SessionEnd): void;
  onLost(problem: MusterError): void;
}

export interface TerminalRequest {
  title: string;
  run: string | null;
  step: string | null;
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  columns: number;
  rows: number;
}

/** A terminal that an interactive step opens has this size until a view shows it. */
const FIRST_SIZE = { columns: 120, rows: 30 };
/**
 * The living terminals of the app: operators' shells and interactive steps. What they show goes from
 * their process straight to the page; here comes only what is recorded.
 */
export class Terminals {
  readonly #link: HostLink;
  readonly #push: Push;
  readonly #terminals = new Map<string, Terminal>();

  constructor(start: () => HostProcess, push: Push) {
    this.#push = push;
    this.#link = new HostLink(start, {
      message: (message) => this.#receive(message),
      lost: () => this.#lost(),
    });
  }

  /** Opens a shell of the operator's. */
  openShell(request: {
    run: string | null;
    shell: { file: string; args: string[] };
    env: Record<string, string>;
    columns: number;
    rows: number;
  }): { terminal: string; title: string } {
    const terminal = this.#open(
      {
        ...request.shell,
        title: basename(request.shell.file).replace(/\.exe$/i, ''),
        run: request.run,
        step: null,
        cwd: homedir(),
        env: request.env,
        columns: request.columns,
        rows: request.rows,
      },
      null,
    );
    return { terminal: terminal.id, title: terminal.title };
  }

  /** Carries interactive steps in the window's terminal. */
  readonly interactive: InteractiveHost = {
    run: (request) =>
      new Promise((resolve, reject) => {
        request.signal.throwIfAborted();
        const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
        const terminal = this.#open(
          { ...request, ...FIRST_SIZE },
          {
            onData: (data) => request.onData(decoder.decode(data, { stream: true })),
            onEnd: resolve,
            onLost: reject,
          },
        );
        request.signal.addEventListener('abort', () => this.#kill(terminal.id), { once: true });
        this.#push('terminal.opened', {
          terminal: terminal.id,
          title: terminal.title,
          run: terminal.run,
          step: terminal.step,
        });
      }),
  };

  list(): { terminal: string; title: string; run: string | null; step: string | null }[] {
    return [...this.#terminals.values()].map(({ id, title, run, step }) => ({
      terminal: id,
      title,
      run,
      step,
    }));
  }

  /** Hands the page's port to the process that owns the terminals. False when there is none. */
  join(port: MessagePortMain): boolean {
    return this.#link.join(port);
  }

  // Input may cross the end of its terminal; then it is of no use.
  write(id: string, data: string): void {
    this.#link.send({ kind: 'write', terminal: id, data });
  }

  resize(id: string, columns: number, rows: number): void {
    this.#link.send({ kind: 'resize', terminal: id, columns, rows });
  }

  /** Ends the terminal's process and forgets the tab. */
  close(id: string): void {
    this.#link.send({ kind: 'close', terminal: id });
  }

  /** Ends all terminals with the app. */
  shutDown(): void {
    this.#link.close();
  }

  #open(request: TerminalRequest, recorder: Recorder | null): Terminal {
    const { title, run, step, file, args, cwd, env, columns, rows } = request;
    const terminal: Terminal = { id: randomUUID(), title, run, step, recorder };
    this.#terminals.set(terminal.id, terminal);
    this.#link.send({
      kind: 'open',
      terminal: terminal.id,
      file,
      args,
      cwd,
      env,
      columns,
      rows,
      recorded: recorder !== null,
    });
    return terminal;
  }

  #kill(id: string): void {
    this.#link.send({ kind: 'kill', terminal: id });
  }

  #receive(message: Exclude<FromHost, { kind: 'pong' }>): void {
    const terminal = this.#terminals.get(message.terminal);
    if (terminal === undefined) return;
    switch (message.kind) {
      case 'data':
        terminal.recorder?.onData(message.data);
        break;
      case 'ended':
        this.#end(terminal, message.exitCode);
        terminal.recorder?.onEnd({ exitCode: message.exitCode, signal: message.signal });
        break;
      case 'refused':
        this.#end(terminal, null);
        terminal.recorder?.onLost(refused(message.why));
        break;
    }
  }

  #end(terminal: Terminal, exitCode: number | null): void {
    this.#terminals.delete(terminal.id);
    this.#push('terminal.exited', { terminal: terminal.id, exitCode });
  }

  #lost(): void {
    const terminals = [...this.#terminals.values()];
    this.#terminals.clear();
    this.#push('terminal.lost', undefined);
    for (const { recorder } of terminals) recorder?.onLost(lost());
  }
}

function refused(why: string): MusterError {
  return new MusterError({
    code: 'terminal-refused',
    what: 'The system did not let the terminal begin.',
    safe: 'Nothing ran in it.',
    next: 'Close terminals and programs that you do not need, then try again.',
    detail: why,
  });
}

function lost(): MusterError {
  return new MusterError({
    code: 'terminal-lost',
    what: 'The terminal was lost before its process told how it ended.',
    safe: 'What it showed until then is kept.',
    next: 'Look at what the step changed, then say how it ended.',
  });
}
