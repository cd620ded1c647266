import { connect as connectPlain, isIP, type NetConnectOpts, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';

/** What comes is gathered in blocks of this size, in bytes. */
export const BLOCK = 512 * 1024;
/** How long it may take to be connected, in ms. */
const CONNECT_MS = 10_000;

export interface Peer {
  isSecure: boolean;
  host: string;
  port: number;
}

/**
 * A connection that reads into memory which it uses again. Node's own streams take new memory for
 * each 64 KB, and to take and clear it costs more than all else of a fast download.
 */
export interface BlockConnection {
  /** `heard` is called whenever bytes come. */
  send(text: string, heard: () => void): void;
  /**
   * What has come: at least `least` bytes, or up to a block, or what came before the end; null at
   * the end. What it gave last may be written over from now on. Rejects where the connection breaks.
   */
  next(least: number): Promise<Uint8Array | null>;
  /** Nothing is expected until something is sent again. False where it is of no use any more. */
  rest(): boolean;
  /** `next` rejects with `reason` where there is one. */
  close(reason?: unknown): void;
}

/** All connections read into it, one after the other, and copy at once. */
const landing = Buffer.allocUnsafeSlow(256 * 1024);

/** Resolves once connected. Rejects with the errors of Node's sockets, or the signal's reason. */
export async function openBlockConnection(
  { isSecure, host, port }: Peer,
  signal: AbortSignal,
): Promise<BlockConnection> {
  const free: Buffer[] = [];
  const full: Buffer[] = [];
  const fresh = (): Buffer => free.pop() ?? Buffer.allocUnsafeSlow(BLOCK);
  let current = fresh();
  let filled = 0;
  let lent: Buffer | null = null;
  let state: 'used' | 'resting' | 'ended' = 'used';
  let failure: unknown = null;
  let isPaused = false;
  let tell = (): void => {};
  let hear = (): void => {};

  const take = (count: number): boolean => {
    if (state === 'resting') {
      socket.destroy();
      return false;
    }
    hear();
    for (let from = 0; from < count; ) {
      const copied = landing.copy(current, filled, from, count);
      from += copied;
      filled += copied;
      if (filled < BLOCK) break;
      full.push(current);
      current = fresh();
      filled = 0;
    }
    tell();
    // What comes while it is told to pause is taken all the same.
    isPaused = full.length > 0;
    return !isPaused;
  };
  const onread: NetConnectOpts['onread'] = { buffer: landing, callback: take };
  // Encrypted ones take it too, though their types do not say so.
  const options = { host, port, onread };
  const socket: Socket = isSecure
    ? connectSecure({
        ...options,
        ALPNProtocols: ['http/1.1'],
        ...(isIP(host) === 0 ? { servername: host } : {}),
      })
    : connectPlain(options);
  const end = (error: unknown): void => {
    if (state === 'ended') return;
    state = 'ended';
    failure = error;
    tell();
  };
  socket.on('error', end);
  socket.on('end', () => end(null));
  socket.on('close', () => end(null));
  await connected(socket, isSecure, signal);
  socket.setNoDelay(true);

  return {
    send(text, heard) {
      if (state === 'resting') state = 'used';
      hear = heard;
      socket.ref();
      socket.write(text, 'latin1');
    },
    async next(least) {
      if (lent !== null) free.push(lent);
      lent = null;
      while (full.length === 0 && filled < least && state !== 'ended') {
        await new Promise<void>((resolve) => {
          tell = resolve;
        });
      }
      const whole = full.shift();
      if (isPaused && full.length === 0) {
        isPaused = false;
        socket.resume();
      }
      if (whole !== undefined) {
        lent = whole;
        return whole;
      }
      if (filled > 0) {
        const part = current.subarray(0, filled);
        lent = current;
        current = fresh();
        filled = 0;
        return part;
      }
      if (failure !== null) throw failure;
      return null;
    },
    rest() {
      if (state === 'ended' || filled > 0 || full.length > 0) return false;
      state = 'resting';
      socket.unref();
      return true;
    },
    close(reason) {
      end(reason ?? null);
      socket.destroy();
    },
  };
}

async function connected(socket: Socket, isSecure: boolean, signal: AbortSignal): Promise<void> {
  const late = setTimeout(() => {
    const message = `No connection within ${CONNECT_MS / 1000} s.`;
    socket.destroy(Object.assign(new Error(message), { code: 'ETIMEDOUT' }));
  }, CONNECT_MS);
  const stop = (): void => void socket.destroy(signal.reason);
  signal.addEventListener('abort', stop);
  try {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      socket.once(isSecure ? 'secureConnect' : 'connect', resolve);
      socket.once('error', reject);
    });
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
  }
}
