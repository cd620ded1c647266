import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { basename } from 'node:path';
import { MusterError } from '../../core/problem.ts';
import type { InteractiveHost } from '../../engine/api.ts';
import { Replay } from '../../engine/terminal/replay.ts';
import type { SessionEnd } from '../../engine/terminal/session.ts';
import type { Push } from '../ipc/push.ts';
import { HostLink, type HostProcess } from './host-link.ts';
import type { FromHost } from './messages.ts';

interface Terminal {
  id: string;
  title: string;
  run: string | null;
  step: string | null;
  replay: Replay;
  ended: boolean;
  onData(data: string): void;
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
/** How many ended terminals keep what they showed, until their tabs are closed. */
const KEPT_ENDED = 20;

/** All terminals of the app: operators' shells and interactive steps. */
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
    const terminal = this.#open({
      ...request.shell,
      title: basename(request.shell.file).replace(/\.exe$/i, ''),
      run: request.run,
      step: null,
      cwd: homedir(),
      env: request.env,
      columns: request.columns,
      rows: request.rows,
    });
    return { terminal: terminal.id, title: terminal.title };
  }

  /** Carries interactive steps in the window's terminal. */
  readonly interactive: InteractiveHost = {
    run: (request) =>
      new Promise((resolve, reject) => {
        request.signal.throwIfAborted();
        const terminal = this.#open(
          { ...request, ...FIRST_SIZE },
          { onData: request.onData, onEnd: resolve, onLost: reject },
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
    return [...this.#terminals.values()]
      .filter((terminal) => !terminal.ended)
      .map(({ id, title, run, step }) => ({ terminal: id, title, run, step }));
  }

  /** What the terminal showed. A view that asks starts anew, so it owes nothing from before. */
  replay(id: string): string {
    const terminal = this.#terminals.get(id);
    if (terminal === undefined) {
      throw new MusterError({
        code: 'terminal-gone',
        what: 'This terminal was closed.',
        safe: 'What an interactive step showed is kept with its run.',
        next: 'Open a new terminal.',
      });
    }
    this.#link.send({ kind: 'acknowledge', terminal: id, characters: null });
    return terminal.replay.text();
  }

  // Input and acknowledgements may cross the end of their terminal; then they are of no use.
  write(id: string, data: string): void {
    this.#link.send({ kind: 'write', terminal: id, data });
  }

  resize(id: string, columns: number, rows: number): void {
    this.#link.send({ kind: 'resize', terminal: id, columns, rows });
  }

  acknowledge(id: string, characters: number): void {
    this.#link.send({ kind: 'acknowledge', terminal: id, characters });
  }

  /** Ends the terminal's process and forgets the tab. */
  close(id: string): void {
    const terminal = this.#terminals.get(id);
    if (terminal === undefined) return;
    if (terminal.ended) this.#terminals.delete(id);
    else this.#kill(id);
  }

  /** Ends all terminals with the app. */
  shutDown(): void {
    this.#link.close();
  }

  #open(
    request: TerminalRequest,
    ends: Pick<Terminal, 'onData' | 'onEnd' | 'onLost'> = {
      onData: () => {},
      onEnd: () => {},
      onLost: () => {},
    },
  ): Terminal {
    const { title, run, step, file, args, cwd, env, columns, rows } = request;
    const terminal: Terminal = {
      id: randomUUID(),
      title,
      run,
      step,
      replay: new Replay(),
      ended: false,
      ...ends,
    };
    this.#terminals.set(terminal.id, terminal);
    this.#link.send({ kind: 'open', terminal: terminal.id, file, args, cwd, env, columns, rows });
    return terminal;
  }

  #kill(id: string): void {
    this.#link.send({ kind: 'kill', terminal: id });
  }

  #receive(message: Exclude<FromHost, { kind: 'pong' }>): void {
    const terminal = this.#terminals.get(message.terminal);
    if (terminal === undefined || terminal.ended) return;
    switch (message.kind) {
      case 'data':
        this.#show(terminal, message.data);
        break;
      case 'ended':
        this.#end(terminal, message.exitCode);
        terminal.onEnd({ exitCode: message.exitCode, signal: message.signal });
        break;
      case 'refused':
        this.#show(terminal, `\r\nThe terminal could not begin: ${message.why}\r\n`);
        this.#end(terminal, null);
        terminal.onLost(refused(message.why));
        break;
    }
  }

  #show(terminal: Terminal, data: string): void {
    terminal.replay.add(data);
    terminal.onData(data);
    const seen = this.#push('terminal.data', { terminal: terminal.id, data });
    // Without a window nobody acknowledges, and the process must not wait for one.
    if (!seen) this.acknowledge(terminal.id, data.length);
  }

  #end(terminal: Terminal, exitCode: number | null): void {
    terminal.ended = true;
    this.#push('terminal.exited', { terminal: terminal.id, exitCode });
    const ended = [...this.#terminals.values()].filter((other) => other.ended);
    for (const old of ended.slice(0, -KEPT_ENDED)) this.#terminals.delete(old.id);
  }

  #lost(): void {
    for (const terminal of this.#terminals.values()) {
      if (terminal.ended) continue;
      this.#show(
        terminal,
        '\r\nThis terminal was lost: the process that carries terminals ended.\r\n',
      );
      this.#end(terminal, null);
      terminal.onLost(lost());
    }
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
