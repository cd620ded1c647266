import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Starts apps in the Electron that `npm run bench` names, and speaks with their page over
 * Chromium's own debugging protocol: less comes between than with a test driver, and it is the
 * same for our app and for what it is measured against.
 */

/** Nothing here takes longer than this, in ms, unless something is broken. */
const PATIENCE_MS = 240_000;

export interface App {
  /** When the process was started, in ms since the epoch. */
  began: number;
  /** Evaluates an expression in the page, and waits for it when it is a promise. */
  evaluate(expression: string): Promise<unknown>;
  key(key: Key): Promise<void>;
  type(text: string): Promise<void>;
  /** Proportional memory of all processes of the app, in MB. */
  memory(): number;
  close(): Promise<void>;
}

export interface Key {
  key: string;
  code: string;
  keyCode: number;
  /** What the key types, when it types something. */
  text?: string;
  ctrl?: true;
}

/** `folder` of an app: a `package.json` and what it names. */
export async function startApp(folder: string, env: Record<string, string> = {}): Promise<App> {
  const { MUSTER_ELECTRON, MUSTER_ELECTRON_ARGS = '[]' } = process.env;
  if (MUSTER_ELECTRON === undefined) throw new Error('Start this with: npm run bench -- NAME');
  const args = JSON.parse(MUSTER_ELECTRON_ARGS) as string[];
  const began = now();
  const child = spawn(MUSTER_ELECTRON, [...args, '--remote-debugging-port=0', folder], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const page = await Page.of(await debuggingAddress(child));
    return {
      began,
      evaluate: (expression) => page.evaluate(expression),
      key: (key) => page.key(key),
      type: (text) => page.type(text),
      memory: () => memoryOf(child),
      close: async () => {
        page.leave();
        await end(child);
      },
    };
  } catch (error) {
    await end(child);
    throw error;
  }
}

/** Does some work with a temporary folder. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** In ms since the epoch, with fractions; `NOW` is the same in a page. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

export const NOW = '(performance.timeOrigin + performance.now())';

function debuggingAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (how: string): void => reject(new Error(`Electron ${how}.\n${said}`));
    const timer = setTimeout(() => fail('did not start'), PATIENCE_MS);
    child.once('error', reject);
    child.once('exit', (code) => fail(`ended with ${code}`));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (said.length > 100_000) return;
      said += text;
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
  // The processes below it notice a little later.
  await delay(300);
}

/** The first page of an app. */
class Page {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #session: string | null = null;
  #found: (session: string) => void = () => {};
  #last = 0;

  static async of(address: string): Promise<Page> {
    const socket = new WebSocket(address);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error(`Nobody answers at ${address}.`));
    });
    const page = new Page(socket);
    await page.#attach();
    return page;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(String(data)) as Message);
  }

  async evaluate(expression: string): Promise<unknown> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const { result, error } = await this.#send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      const thrown = result?.exceptionDetails;
      if (thrown !== undefined) throw new Error(thrown.exception?.description ?? thrown.text);
      if (error === undefined) return result?.result?.value;
      // The page that was asked went away because the real one was just being loaded.
      if (Date.now() > deadline) throw new Error(error.message);
    }
  }

  async key({ key, code, keyCode, text, ctrl }: Key): Promise<void> {
    const modifiers = ctrl === undefined ? 0 : 2;
    const event = { key, code, windowsVirtualKeyCode: keyCode, modifiers };
    await this.#send('Input.dispatchKeyEvent', {
      ...event,
      ...(text === undefined ? { type: 'rawKeyDown' } : { type: 'keyDown', text }),
    });
    await this.#send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' });
  }

  async type(text: string): Promise<void> {
    await this.#send('Input.insertText', { text });
  }

  leave(): void {
    this.#socket.close();
  }

  async #attach(): Promise<void> {
    const found = new Promise<string>((resolve) => {
      this.#found = resolve;
    });
    await this.#send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: true,
    });
    this.#session = await found;
  }

  #send(method: string, params: object): Promise<Message> {
    this.#last += 1;
    const id = this.#last;
    const session = this.#session === null ? {} : { sessionId: this.#session };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method} was not answered.`)), PATIENCE_MS);
      this.#waiting.set(id, (message) => {
        clearTimeout(timer);
        resolve(message);
      });
      this.#socket.send(JSON.stringify({ id, method, params, ...session }));
    });
  }

  #receive(message: Message): void {
    const { method, params, id } = message;
    if (method === 'Target.attachedToTarget' && params?.targetInfo?.type === 'page') {
      this.#found(params.sessionId);
    }
    if (id === undefined) return;
    this.#waiting.get(id)?.(message);
    this.#waiting.delete(id);
  }
}

/** As much of the protocol as is used here. */
interface Message {
  id?: number;
  method?: string;
  params?: { sessionId: string; targetInfo?: { type: string } };
  result?: {
    result?: { value?: unknown };
    exceptionDetails?: { text: string; exception?: { description?: string } };
  };
  error?: { message: string };
}

/** What is shared is counted in parts, so that the sum is what the app costs the machine. */
function memoryOf(child: ChildProcess): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(name));
  }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return pid === child.pid || (parent !== undefined && parent > 1 && isOurs(parent));
  };
  const kilobytes = [...parents.keys()].filter(isOurs).map(proportionalSize);
  return kilobytes.reduce((sum, value) => sum + value, 0) / 1024;
}

function parentOf(pid: string): number {
  return Number(/^PPid:\s*(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

function proportionalSize(pid: number): number {
  return Number(/^Pss:\s*(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** Nothing for a process that has just ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
