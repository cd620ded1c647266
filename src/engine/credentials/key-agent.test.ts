import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { agentSocket, type HeldKey, holdByAgent, serveKey } from './key-agent.ts';

function home(): string {
  const path = mkdtempSync(join(tmpdir(), 'muster-agent-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A holder whose agents run in this process. */
function holder(folder: string) {
  const closed: Promise<void>[] = [];
  const start = async (held: HeldKey): Promise<void> => {
    const server = await serveKey(agentSocket(folder), held);
    onTestFinished(() => void server.close());
    closed.push(new Promise((resolve) => void server.once('close', () => resolve())));
  };
  return { ...holdByAgent(folder, start), closed };
}

describe('the key agent', () => {
  const key = Buffer.alloc(32, 9);

  it('gives the key of its vault to whoever may enter the folder, until it is dropped', async () => {
    const folder = home();
    const { hold, get, drop } = holder(folder);
    expect(await get('one')).toBeNull();
    await hold('one', key, 60_000);
    expect(statSync(agentSocket(folder)).mode & 0o777).toBe(0o600);
    expect(await get('one')).toEqual(key);
    expect(await holdByAgent(folder, null).get('one')).toEqual(key);
    expect(await get('two')).toBeNull();
    await drop();
    expect(await get('one')).toBeNull();
    expect(existsSync(agentSocket(folder))).toBe(false);
  });

  it('ends by itself when nobody asks', async () => {
    const folder = home();
    const { hold, get, closed } = holder(folder);
    await hold('one', key, 20);
    await closed[0];
    expect(await get('one')).toBeNull();
  });

  it('makes way for another, also after one that was killed', async () => {
    const folder = home();
    const { hold, get } = holder(folder);
    writeFileSync(agentSocket(folder), '');
    await hold('one', key, 60_000);
    await hold('two', key, 60_000);
    expect(await get('one')).toBeNull();
    expect(await get('two')).toEqual(key);
  });

  it('tells nothing to what is no request', async () => {
    const folder = home();
    const { hold, get } = holder(folder);
    await hold('one', key, 60_000);
    for (const text of ['\n', '{}\n', '{"ask":"key"}\n', 'x'.repeat(5000)]) {
      const said = await new Promise<string>((resolve) => {
        let all = '';
        const client = connect(agentSocket(folder));
        client.on('data', (more) => {
          all += String(more);
        });
        client.on('close', () => resolve(all));
        client.on('error', () => undefined);
        client.write(text);
      });
      expect(said).toBe('');
    }
    expect(await get('one')).toEqual(key);
  });
});
