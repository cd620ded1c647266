import { describe, expect, it, vi } from 'vitest';
import { MusterError, type Problem } from '../../core/problem.ts';
import { pushes, type RequestName, requests } from '../../shared/ipc.ts';
import { pushNames, requestNames } from '../../shared/names.ts';
import { receiveRequests } from './receive.ts';
import { createRouter, type Handlers } from './router.ts';

const silent = { note: () => {}, fault: vi.fn(), hideWith: () => {}, hidden: String };

const asIs = (problem: Problem): Problem => problem;

/** Handlers that refuse to be asked, but for those given. */
function handlersWith(given: Partial<Handlers>): Handlers {
  const names = Object.keys(requests) as RequestName[];
  const unexpected = (name: string) => () => {
    throw new Error(`${name} was asked`);
  };
  const all = Object.fromEntries(names.map((name) => [name, unexpected(name)]));
  return { ...all, ...given } as unknown as Handlers;
}

describe('the router of requests', () => {
  it('answers with the value of the handler', async () => {
    const asked = vi.fn(() => ({ data: 'shown' }));
    const router = createRouter(handlersWith({ 'terminal.close': asked }), silent, asIs);
    expect(await router('terminal.close', { terminal: 't1' })).toEqual({
      ok: true,
      value: { data: 'shown' },
    });
    expect(asked).toHaveBeenCalledWith({ terminal: 't1' });
  });

  it.each([
    ['a name that does not exist', 'fs.readFile', {}],
    ['a name every object has', 'constructor', {}],
    ['a prototype', '__proto__', {}],
    ['a name that is no text', 42, {}],
    ['no payload', 'terminal.write', undefined],
    ['a payload of another form', 'terminal.write', { terminal: 't', data: 5 }],
    ['a payload where none belongs', 'library.list', { path: '/etc' }],
    ['a number out of range', 'terminal.resize', { terminal: 't', columns: 1e9, rows: 2 }],
    ['a command that does not exist', 'run.command', { run: 'r', command: { kind: 'erase' } }],
  ])('refuses %s', async (_what, name, payload) => {
    const reply = await createRouter(handlersWith({}), silent, asIs)(name, payload);
    expect(reply).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  });

  it('gives the handler only what the schema knows', async () => {
    const asked = vi.fn();
    const router = createRouter(handlersWith({ 'terminal.close': asked }), silent, asIs);
    await router('terminal.close', { terminal: 't1', extra: 'x' });
    expect(asked).toHaveBeenCalledWith({ terminal: 't1' });
  });

  it('passes on the words of a known problem', async () => {
    const problem = { code: 'x', what: 'What.', safe: 'Safe.', next: 'Next.' };
    const fails = () => {
      throw new MusterError(problem);
    };
    const router = createRouter(handlersWith({ 'terminal.list': fails }), silent, asIs);
    expect(await router('terminal.list', undefined)).toEqual({ ok: false, problem });
  });

  it('keeps the stack of an unexpected fault in the log', async () => {
    const fault = vi.fn();
    const fails = async () => {
      throw new TypeError('nothing there');
    };
    const router = createRouter(
      handlersWith({ 'library.list': fails }),
      { ...silent, fault },
      asIs,
    );
    const reply = await router('library.list', undefined);
    expect(reply).toMatchObject({ ok: false, problem: { code: 'unexpected' } });
    expect(JSON.stringify(reply)).not.toContain('router.test');
    expect(fault).toHaveBeenCalledOnce();
  });
});

describe('the receiver of requests', () => {
  type Listener = (event: { from: string }, name: unknown, payload: unknown) => Promise<unknown>;

  function receiverWith(router: () => Promise<ReturnType<typeof createRouter>>): Listener {
    const channels = new Map<string, Listener>();
    receiveRequests<{ from: string }>(
      { handle: (channel, listener) => void channels.set(channel, listener) },
      (event) => event.from === 'our window',
      (name) => (name === 'settings.get' ? { ok: true, value: 'early' } : null),
      router,
    );
    expect([...channels.keys()]).toEqual(['muster:request']);
    return channels.get('muster:request') as Listener;
  }

  it('does not load the router for what is known early, but knows nothing for a stranger', async () => {
    const router = vi.fn();
    const receive = receiverWith(router);
    expect(await receive({ from: 'our window' }, 'settings.get', undefined)).toEqual({
      ok: true,
      value: 'early',
    });
    expect(await receive({ from: 'a frame' }, 'settings.get', undefined)).toMatchObject({
      ok: false,
    });
    expect(router).not.toHaveBeenCalled();
  });

  it('does not even load the router for a stranger', async () => {
    const router = vi.fn();
    const reply = await receiverWith(router)({ from: 'a frame' }, 'app.info', undefined);
    expect(reply).toMatchObject({ ok: false, problem: { code: 'sender-refused' } });
    expect(router).not.toHaveBeenCalled();
  });

  it('lets a request wait for the router', async () => {
    const router = async () =>
      createRouter(handlersWith({ 'terminal.list': () => [] }), silent, asIs);
    const reply = await receiverWith(router)({ from: 'our window' }, 'terminal.list', undefined);
    expect(reply).toEqual({ ok: true, value: [] });
  });
});

describe('the names that the preload script lets through', () => {
  it('are those of the contract', () => {
    expect(Object.keys(requestNames).sort()).toEqual(Object.keys(requests).sort());
    expect(Object.keys(pushNames).sort()).toEqual(Object.keys(pushes).sort());
  });
});
