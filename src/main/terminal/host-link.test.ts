import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HostLink, type HostProcess } from './host-link.ts';
import type { ToHost } from './messages.ts';

/** A terminal process that is none: it answers pings while it is well. */
class FakeHost implements HostProcess {
  posted: ToHost[] = [];
  isWell = true;
  isKilled = false;
  #message: (message: unknown) => void = () => {};
  #exit: () => void = () => {};
  post(message: ToHost): void {
    this.posted.push(message);
    if (message.kind === 'ping' && this.isWell) this.say({ kind: 'pong' });
  }
  join(): void {}
  onMessage(listener: (message: unknown) => void): void {
    this.#message = listener;
  }
  onExit(listener: () => void): void {
    this.#exit = listener;
  }
  kill(): void {
    this.isKilled = true;
    this.exit();
  }
  say(message: unknown): void {
    this.#message(message);
  }
  exit(): void {
    this.#exit();
  }
}

const open: ToHost = {
  kind: 'open',
  terminal: 't1',
  file: 'sh',
  args: [],
  cwd: '/',
  env: {},
  columns: 80,
  rows: 24,
  recorded: false,
};

let hosts: FakeHost[] = [];
const listener = { message: vi.fn(), lost: vi.fn() };
function newLink(): HostLink {
  return new HostLink(() => {
    const host = new FakeHost();
    hosts.push(host);
    return host;
  }, listener);
}

beforeEach(() => {
  hosts = [];
  vi.useFakeTimers();
  vi.clearAllMocks();
});
afterEach(() => vi.useRealTimers());

describe('the link to the terminal process', () => {
  it('starts the process with the first terminal only', () => {
    const link = newLink();
    link.send({ kind: 'write', terminal: 't0', data: 'x' });
    expect(hosts).toHaveLength(0);
    link.send(open);
    link.send({ kind: 'write', terminal: 't1', data: 'x' });
    expect(hosts).toHaveLength(1);
    expect(hosts[0]?.posted.map((message) => message.kind)).toEqual(['open', 'write']);
    link.close();
  });

  it('leaves a process alone that answers', () => {
    const link = newLink();
    link.send(open);
    vi.advanceTimersByTime(60_000);
    expect(listener.lost).not.toHaveBeenCalled();
    expect(hosts[0]?.isKilled).toBe(false);
    link.close();
  });

  it('ends a process that is silent, and starts another for the next terminal', () => {
    const link = newLink();
    link.send(open);
    const [host] = hosts;
    if (host) host.isWell = false;
    vi.advanceTimersByTime(8_000);
    expect(listener.lost).not.toHaveBeenCalled();
    vi.advanceTimersByTime(5_000);
    expect(listener.lost).toHaveBeenCalledOnce();
    expect(host?.isKilled).toBe(true);
    link.send(open);
    expect(hosts).toHaveLength(2);
    link.close();
  });

  it('says that terminals are lost when the process ends by itself', () => {
    const link = newLink();
    link.send(open);
    hosts[0]?.exit();
    expect(listener.lost).toHaveBeenCalledOnce();
    link.close();
  });

  it('does not take its own closing for a loss', () => {
    const link = newLink();
    link.send(open);
    link.close();
    expect(hosts[0]?.isKilled).toBe(true);
    expect(listener.lost).not.toHaveBeenCalled();
  });

  it('ends a process that speaks nonsense', () => {
    const link = newLink();
    link.send(open);
    hosts[0]?.say({ kind: 'data', terminal: 't1' });
    expect(hosts[0]?.isKilled).toBe(true);
    expect(listener.message).not.toHaveBeenCalled();
    expect(listener.lost).toHaveBeenCalledOnce();
    link.close();
  });
});
