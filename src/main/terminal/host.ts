import { Replay } from '../../engine/terminal/replay.ts';
import { type Pty, TerminalSession } from '../../engine/terminal/session.ts';
import type { PtyRequest } from '../../engine/terminal/spawn-pty.ts';
import { type FromView, fromViewSchema, type ToView } from '../../shared/terminal-port.ts';
import type { FromHost, ToHost } from './messages.ts';

/** The page at the other end of its port; see `pty-host.ts` for the real one. */
export interface ViewPort {
  post(message: ToView): void;
  close(): void;
}

interface Hosted {
  /** Null when it ended. */
  session: TerminalSession | null;
  readonly replay: Replay;
  /** The main process gets everything too, for the record of a step. */
  readonly recorded: boolean;
  /** A view on the page takes the data, and acknowledges it. */
  shown: boolean;
}

/** How many ended terminals keep what they showed, until their tabs are closed. */
const KEPT_ENDED = 20;

/** All terminals of the process that owns them. */
export class TerminalHost {
  readonly #tell: (message: FromHost) => void;
  readonly #spawn: (request: PtyRequest) => Pty;
  readonly #terminals = new Map<string, Hosted>();
  #view: ViewPort | null = null;

  constructor(tell: (message: FromHost) => void, spawn: (request: PtyRequest) => Pty) {
    this.#tell = tell;
    this.#spawn = spawn;
  }

  /** Does what the main process says, which has parsed what the page asked of it. */
  obey(message: ToHost): void {
    switch (message.kind) {
      case 'ping':
        this.#tell({ kind: 'pong' });
        break;
      case 'open':
        this.#open(message);
        break;
      // A message may cross the end of its terminal; there is nobody left to care.
      case 'write':
        this.#session(message.terminal)?.write(message.data);
        break;
      case 'resize':
        this.#session(message.terminal)?.resize(message.columns, message.rows);
        break;
      case 'kill':
        this.#session(message.terminal)?.kill();
        break;
      case 'close':
        this.#close(message.terminal);
        break;
    }
  }

  /** A page came, in the place of any before it. The function takes what the page says. */
  join(view: ViewPort): (message: unknown) => void {
    if (this.#view !== null) this.leave(this.#view);
    this.#view = view;
    return (message) => {
      const { data } = fromViewSchema.safeParse(message);
      if (data !== undefined && view === this.#view) this.#hear(view, data);
    };
  }

  /** The page is gone: nobody acknowledges, and no process must wait for it. */
  leave(view: ViewPort): void {
    if (view !== this.#view) return;
    this.#view = null;
    view.close();
    for (const hosted of this.#terminals.values()) hide(hosted);
  }

  #hear(view: ViewPort, message: FromView): void {
    const { terminal } = message;
    const hosted = this.#terminals.get(terminal);
    if (hosted === undefined) return;
    if (message.kind === 'acknowledge') hosted.session?.acknowledge(message.bytes);
    else if (message.kind === 'hide') hide(hosted);
    else {
      // A view that begins anew owes nothing from before.
      hide(hosted);
      hosted.shown = true;
      view.post({ kind: 'replay', terminal, data: hosted.replay.bytes() });
    }
  }

  #open(request: Extract<ToHost, { kind: 'open' }>): void {
    const { terminal, recorded } = request;
    const hosted: Hosted = { session: null, replay: new Replay(), recorded, shown: false };
    this.#terminals.set(terminal, hosted);
    try {
      hosted.session = new TerminalSession(this.#spawn(request), {
        data: (data) => {
          hosted.replay.add(data);
          if (recorded) this.#tell({ kind: 'data', terminal, data });
          if (hosted.shown) this.#view?.post({ kind: 'data', terminal, data });
          else hosted.session?.acknowledge(data.length);
        },
        ended: (end) => {
          hosted.session = null;
          this.#dropOld();
          this.#tell({ kind: 'ended', terminal, ...end });
        },
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const words = Buffer.from(`\r\nThe terminal could not begin: ${why}\r\n`);
      hosted.replay.add(words);
      this.#dropOld();
      this.#tell({ kind: 'refused', terminal, why });
    }
  }

  #session(terminal: string): TerminalSession | null {
    return this.#terminals.get(terminal)?.session ?? null;
  }

  /** The tab was closed: the process ends, and what it showed is forgotten. */
  #close(terminal: string): void {
    const hosted = this.#terminals.get(terminal);
    if (hosted === undefined) return;
    hide(hosted);
    hosted.session?.kill();
    this.#terminals.delete(terminal);
  }

  #dropOld(): void {
    const ended = [...this.#terminals].filter(([, { session }]) => session === null);
    for (const [terminal] of ended.slice(0, -KEPT_ENDED)) this.#terminals.delete(terminal);
  }
}

function hide(hosted: Hosted): void {
  hosted.shown = false;
  hosted.session?.acknowledgeAll();
}
