import { createRequire } from 'node:module';
import { readOn } from './read-on.ts';
import type { Pty } from './session.ts';

export interface PtyRequest {
  file: string;
  args: string[];
  cwd: string;
  /** The whole environment of the process; nothing is inherited. */
  env: Record<string, string>;
  columns: number;
  rows: number;
}

type NodePty = typeof import('@lydell/node-pty');

let loaded: NodePty | null = null;

// The native part is loaded with the first terminal: most commands and windows never need one.
function nodePty(): NodePty {
  loaded ??= createRequire(import.meta.url)('@lydell/node-pty') as NodePty;
  return loaded;
}

/** Starts a process in a pseudo-terminal of its own. Throws when the system refuses. */
export function spawnPty(request: PtyRequest): Pty {
  const pty = nodePty().spawn(request.file, request.args, {
    name: 'xterm-256color',
    cols: request.columns,
    rows: request.rows,
    cwd: request.cwd,
    env: { ...request.env, COLORTERM: 'truecolor', TERM_PROGRAM: 'muster' },
    // Bytes, where the system has them; Windows gives text all the same.
    encoding: null,
  });
  const file = 'fd' in pty && typeof pty.fd === 'number' ? pty.fd : null;
  return {
    pid: pty.pid,
    onData(listener) {
      pty.onData((data: unknown) => {
        if (typeof data === 'string') listener(Buffer.from(data));
        else if (data instanceof Uint8Array) {
          listener(data);
          if (file !== null) listener(readOn(file));
        }
      });
    },
    onExit: (listener) => void pty.onExit(listener),
    write: (data) => pty.write(data),
    resize: (columns, rows) => pty.resize(columns, rows),
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    kill: (signal) => pty.kill(signal),
  };
}
