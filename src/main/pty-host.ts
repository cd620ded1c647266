import { TerminalSession } from '../engine/terminal/session.ts';
import { spawnPty } from '../engine/terminal/spawn-pty.ts';
import { type FromHost, type ToHost, toHostSchema } from './terminal/messages.ts';

/**
 * Owns the terminals in a process of its own: a flood or a fault in the native part costs the
 * terminals at most, never the run or the window.
 */

const port = process.parentPort;
const sessions = new Map<string, TerminalSession>();

function send(message: FromHost): void {
  port.postMessage(message);
}

function open(request: Extract<ToHost, { kind: 'open' }>): void {
  const { terminal } = request;
  try {
    const session = new TerminalSession(spawnPty(request), {
      data: (data) => send({ kind: 'data', terminal, data }),
      ended: (end) => {
        sessions.delete(terminal);
        send({ kind: 'ended', terminal, ...end });
      },
    });
    sessions.set(terminal, session);
  } catch (error) {
    send({
      kind: 'refused',
      terminal,
      why: error instanceof Error ? error.message : String(error),
    });
  }
}

function receive(message: ToHost): void {
  if (message.kind === 'ping') send({ kind: 'pong' });
  else if (message.kind === 'open') open(message);
  else tell(sessions.get(message.terminal), message);
}

function tell(
  session: TerminalSession | undefined,
  message: Exclude<ToHost, { kind: 'ping' | 'open' }>,
): void {
  // A message may cross the end of its session; there is nobody left to care.
  if (session === undefined) return;
  switch (message.kind) {
    case 'write':
      session.write(message.data);
      break;
    case 'resize':
      session.resize(message.columns, message.rows);
      break;
    case 'acknowledge':
      if (message.characters === null) session.acknowledgeAll();
      else session.acknowledge(message.characters);
      break;
    case 'kill':
      session.kill();
      break;
  }
}

port.on('message', (event) => receive(toHostSchema.parse(event.data)));
