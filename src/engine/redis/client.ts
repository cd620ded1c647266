import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { MusterError, type Problem } from '../../core/problem.ts';
import { reasonOf } from '../checks/exchange.ts';
import { commandBytes, RedisError, type Reply, ReplyReader } from './replies.ts';

export interface RedisPlace {
  host: string;
  port: number;
  user: string | null;
  password: string | null;
  /** Null for a connection without TLS. */
  tls: { ca: Buffer | null; name: string | null } | null;
  /** The longest that one answer may take, in ms. */
  withinMs: number;
}

/** One connection to Redis; one command at a time. */
export interface RedisClient {
  /** Rejects with MusterError, or with the signal's reason. */
  send(...parts: string[]): Promise<Reply>;
  close(): void;
}

/** Connects and logs in. Rejects with MusterError, or with the signal's reason. */
export async function openRedis(place: RedisPlace, signal: AbortSignal): Promise<RedisClient> {
  signal.throwIfAborted();
  const where = `${place.host}:${place.port}`;
  const socket = dial(place);
  const reader = new ReplyReader();
  let waiting: { resolve(reply: Reply): void; reject(error: unknown): void } | null = null;
  let ended: unknown = null;
  const end = (error: unknown): void => {
    ended ??= error;
    socket.destroy();
    waiting?.reject(ended);
    waiting = null;
  };
  const fail = (error: unknown): void =>
    end(signal.aborted ? signal.reason : new MusterError(lost(where, reasonOf(error))));
  const stop = (): void => end(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('it hung up')));
  socket.on('data', (chunk: Buffer) => {
    try {
      reader.push(chunk);
      const reply = reader.next();
      if (reply === undefined) return;
      const { resolve } = waiting ?? {};
      waiting = null;
      resolve?.(reply);
    } catch (error) {
      fail(error);
    }
  });
  const client: RedisClient = {
    async send(...parts) {
      if (ended !== null) throw ended;
      const limit = setTimeout(
        () => fail(new Error(`no answer within ${place.withinMs} ms`)),
        place.withinMs,
      );
      try {
        const reply = await new Promise<Reply>((resolve, reject) => {
          waiting = { resolve, reject };
          socket.write(commandBytes(parts));
        });
        if (reply instanceof RedisError) throw new MusterError(refused(where, reply.message));
        return reply;
      } finally {
        clearTimeout(limit);
      }
    },
    close() {
      signal.removeEventListener('abort', stop);
      ended ??= new MusterError(lost(where, 'the connection was closed'));
      socket.destroy();
    },
  };
  const { user, password } = place;
  try {
    if (password !== null) await client.send('AUTH', ...(user === null ? [] : [user]), password);
    await client.send('PING');
  } catch (error) {
    client.close();
    throw error;
  }
  return client;
}

function dial({ host, port, tls }: RedisPlace): Socket {
  if (tls === null) return connectPlain({ host, port });
  const name = tls.name ?? host;
  const options: ConnectionOptions = {
    host,
    port,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(tls.ca === null ? {} : { ca: tls.ca }),
  };
  return connectTls(options);
}

function lost(where: string, why: string): Problem {
  return {
    code: 'redis-unreachable',
    what: `Redis at ${where} cannot be asked: ${why}.`,
    safe: 'Nothing was changed by what was not answered, except that a snapshot may have begun.',
    next: 'Check that it runs and that the way to it is open, then retry.',
  };
}

function refused(where: string, why: string): Problem {
  const isLogin = /^(WRONGPASS|NOAUTH|NOPERM|ERR (invalid password|AUTH))/.test(why);
  return {
    code: isLogin ? 'redis-login-refused' : 'redis-refused',
    what: isLogin ? `Redis at ${where} refused the login.` : `Redis at ${where} refused: ${why}.`,
    safe: 'Nothing was changed.',
    next: isLogin
      ? 'Check the user and the password, then retry.'
      : 'Mend what it names, then retry.',
    detail: why,
  };
}
