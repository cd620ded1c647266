import { type BrowserWindow, MessageChannelMain } from 'electron';
import { baseEnvironment } from '../../engine/environment.ts';
import { operatorShell } from '../../engine/terminal/shell.ts';
import type { Services } from '../services.ts';
import type { HandlersOf } from './router.ts';

type TerminalRequest =
  | 'terminal.open'
  | 'terminal.list'
  | 'terminal.connect'
  | 'terminal.write'
  | 'terminal.resize'
  | 'terminal.close';

/** The channel of the page's port; the preload script knows it too. */
const TERMINALS_CHANNEL = 'muster:terminals';

export function terminalRequests(
  services: Services,
  window: () => BrowserWindow,
): HandlersOf<TerminalRequest> {
  const { terminals } = services;
  return {
    'terminal.open': async ({ run, columns, rows }) =>
      terminals.openShell({
        run,
        shell: operatorShell(process.env, process.platform),
        env: run === null ? baseEnvironment(process.env) : await services.engine().environment(run),
        columns,
        rows,
      }),
    'terminal.list': () => terminals.list(),
    'terminal.connect': () => {
      const { port1, port2 } = new MessageChannelMain();
      const isJoined = terminals.join(port1);
      if (isJoined) window().webContents.postMessage(TERMINALS_CHANNEL, null, [port2]);
      return isJoined;
    },
    'terminal.write': ({ terminal, data }) => terminals.write(terminal, data),
    'terminal.resize': ({ terminal, columns, rows }) => terminals.resize(terminal, columns, rows),
    'terminal.close': ({ terminal }) => terminals.close(terminal),
  };
}
