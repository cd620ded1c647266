import type { InteractiveHost } from '../engine/api.ts';
import { TerminalSession } from '../engine/terminal/session.ts';
import { spawnPty } from '../engine/terminal/spawn-pty.ts';

/** Carries `{interactive}` steps in the terminal that this command was started in. */
export function terminalHost(): InteractiveHost {
  return {
    run: (request) =>
      new Promise((resolve) => {
        const { stdin, stdout } = process;
        const pty = spawnPty({
          file: request.file,
          args: request.args,
          cwd: request.cwd,
          env: request.env,
          columns: stdout.columns ?? 80,
          rows: stdout.rows ?? 24,
        });
        const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
        const session = new TerminalSession(pty, {
          data(data) {
            stdout.write(data, () => session.acknowledge(data.length));
            request.onData(decoder.decode(data, { stream: true }));
          },
          ended(end) {
            stdin.off('data', type);
            stdout.off('resize', fit);
            request.signal.removeEventListener('abort', hangUp);
            stdin.setRawMode(false);
            stdin.pause();
            resolve(end);
          },
        });
        const type = (typed: Buffer): void => session.write(typed.toString('utf8'));
        const fit = (): void => session.resize(stdout.columns, stdout.rows);
        const hangUp = (): void => session.kill();
        request.signal.addEventListener('abort', hangUp);
        stdout.on('resize', fit);
        stdin.setRawMode(true);
        stdin.on('data', type);
        stdin.resume();
      }),
  };
}
