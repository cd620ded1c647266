import { spawnPty } from '../engine/terminal/spawn-pty.ts';
import { TerminalHost, type ViewPort } from './terminal/host.ts';
import { toHostSchema } from './terminal/messages.ts';

/**
 * Owns the terminals in a process of its own: a flood or a fault in the native part costs the
 * terminals at most, never the run or the window.
 */

const main = process.parentPort;
const host = new TerminalHost((message) => main.postMessage(message), spawnPty);

function join(port: Electron.MessagePortMain): void {
  const view: ViewPort = {
    post: (message) => port.postMessage(message),
    close: () => port.close(),
  };
  const hear = host.join(view);
  port.on('message', ({ data }) => hear(data));
  port.on('close', () => host.leave(view));
  port.start();
}

main.on('message', ({ data, ports: [port] }) => {
  if (port === undefined) host.obey(toHostSchema.parse(data));
  else join(port);
});
