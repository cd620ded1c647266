import { baseEnvironment } from '../../engine/environment.ts';
import { operatorShell } from '../../engine/terminal/shell.ts';
import type { Services } from '../services.ts';
import type { HandlersOf } from './router.ts';

type TerminalRequest =
  | 'terminal.open'
  | 'terminal.list'
  | 'terminal.replay'
  | 'terminal.write'
  | 'terminal.resize'
  | 'terminal.acknowledge'
  | 'terminal.close';

export function terminalRequests(services: Services): HandlersOf<TerminalRequest> {
  const { terminals } = services;
  return {
    'terminal.open': ({ run, columns, rows }) =>
      terminals.openShell({
        run,
        shell: operatorShell(process.env, process.platform),
        env: run === null ? baseEnvironment(process.env) : services.engine().environment(run),
        columns,
        rows,
      }),
    'terminal.list': () => terminals.list(),
    'terminal.replay': ({ terminal }) => ({ data: terminals.replay(terminal) }),
    'terminal.write': ({ terminal, data }) => terminals.write(terminal, data),
    'terminal.resize': ({ terminal, columns, rows }) => terminals.resize(terminal, columns, rows),
    'terminal.acknowledge': ({ terminal, characters }) =>
      terminals.acknowledge(terminal, characters),
    'terminal.close': ({ terminal }) => terminals.close(terminal),
  };
}
