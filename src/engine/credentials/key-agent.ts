import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import type { KeyHolder } from './key-holder.ts';

/**
 * A small process that keeps the data key of an unlocked vault in its memory, so that the commands
 * that follow, and the app, need no passphrase until nobody used it for a while. It listens on a
 * socket in Muster's home, which only this user may enter, and ends when it is idle or told to.
 */

const requestSchema = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('key'), id: z.string() }),
  z.object({ ask: z.literal('end') }),
]);
type Request = z.infer<typeof requestSchema>;

const answerSchema = z.object({ key: z.base64().nullable() });

/** What the process is given on its standard input, as JSON. */
export const heldKeySchema = z.object({
  id: z.string(),
  key: z.base64(),
  idleMs: z.number().int().positive(),
});
export type HeldKey = z.infer<typeof heldKeySchema>;

export function agentSocket(home: string): string {
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\muster-${Buffer.from(home).toString('hex').slice(-60)}`
    : join(home, 'vault.sock');
}

/** Serves until idle or told to end. Resolves with how to stop it once it listens. */
export function serveKey(socket: string, held: HeldKey): Promise<Server> {
  const key = Buffer.from(held.key, 'base64');
  const end = (): void => {
    key.fill(0);
    server.close();
  };
  const idle = setTimeout(end, held.idleMs);
  const answer = (request: Request): string | null => {
    if (request.ask === 'end') return null;
    const isOurs = request.id === held.id;
    if (isOurs) idle.refresh();
    return `${JSON.stringify({ key: isOurs ? key.toString('base64') : null })}\n`;
  };
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    client.setTimeout(PATIENCE_MS, () => client.destroy());
    readLine(client).then(
      (line) => {
        const request = requestSchema.safeParse(parsed(line));
        const said = request.success ? answer(request.data) : null;
        client.end(said ?? '');
        if (request.success && request.data.ask === 'end') {
          clearTimeout(idle);
          end();
        }
      },
      () => client.destroy(),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, () => {
      if (process.platform !== 'win32') chmodSync(socket, 0o600);
      resolve(server);
    });
  });
}

/**
 * Holds keys by way of that process. `start` begins it with the key, and resolves when it listens;
 * null where none may be started: then a key can be got and dropped, not held.
 */
export function holdByAgent(
  home: string,
  start: ((held: HeldKey) => Promise<void>) | null,
): KeyHolder {
  const socket = agentSocket(home);
  const drop = async (): Promise<void> => {
    await askAgent(socket, { ask: 'end' });
    // One that was killed left its socket, and a new one could not listen.
    if (process.platform !== 'win32') rmSync(socket, { force: true });
  };
  return {
    async get(id) {
      const said = answerSchema.safeParse(await askAgent(socket, { ask: 'key', id }));
      return said.success && said.data.key !== null ? Buffer.from(said.data.key, 'base64') : null;
    },
    async hold(id, key, idleMs) {
      if (!start) return;
      await drop();
      await start({ id, key: key.toString('base64'), idleMs });
    },
    drop,
  };
}

/** How long either side waits for the other, in ms. */
const PATIENCE_MS = 2_000;

/** Null when there is no agent, or none that answers. */
async function askAgent(socket: string, request: Request): Promise<unknown> {
  const client = connect(socket);
  client.setTimeout(PATIENCE_MS, () => client.destroy());
  try {
    client.write(`${JSON.stringify(request)}\n`);
    return parsed(await readLine(client));
  } catch {
    return null;
  } finally {
    client.destroy();
  }
}

/** The longest line that is read, in characters. */
const LONGEST = 4096;

function readLine(client: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    client.setEncoding('utf8');
    client.on('data', (more: string) => {
      text += more;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
      else if (text.length > LONGEST) reject(new Error('The line is too long.'));
    });
    client.once('error', reject);
    client.once('close', () => reject(new Error('The line is not whole.')));
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
