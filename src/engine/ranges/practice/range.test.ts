import { execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MusterError } from '../../../core/problem.ts';
import { processStart } from '../../processes/identity.ts';
import { cksum, cksumFile } from './cksum.ts';
import { startPracticeRange } from './range.ts';

type Range = Awaited<ReturnType<typeof startPracticeRange>>;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'muster-range-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function started(dir: string = folder()): Promise<Range> {
  const range = await startPracticeRange({ dir });
  onTestFinished(() => range.close());
  return range;
}

/** Asks and gives the status with the fields of the answer. */
async function ask(range: Range, what: string, body?: string) {
  const [method = '', path = ''] = what.split(' ');
  const control = path.startsWith('/service') || path === '/journal';
  const base = control ? range.env.ORDERS_CONTROL_URL : range.env.ORDERS_URL;
  const response = await fetch(`${base}${path}`, { method, ...(body ? { body } : {}) });
  const lines = (await response.text()).trim().split('\n');
  const fields = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return { status: response.status, fields };
}

function manifests(range: Range): Record<string, string>[] {
  const backups = range.env.ORDERS_BACKUPS ?? '';
  return readdirSync(backups)
    .filter((name) => name.endsWith('.manifest'))
    .sort()
    .map((name) =>
      Object.fromEntries(
        readFileSync(join(backups, name), 'utf8')
          .trim()
          .split('\n')
          .map((line) => line.split('=')),
      ),
    );
}

describe('the orders service', () => {
  it('is healthy, counts, takes an order and finds it again', async () => {
    const range = await started();
    expect(await ask(range, 'GET /health')).toEqual({ status: 200, fields: { status: 'ok' } });
    const before = await ask(range, 'GET /orders/count');
    expect(Number(before.fields.rows)).toBeGreaterThan(3_000);
    const placed = await ask(range, 'POST /orders', 'customer=drill&item=rope&quantity=2');
    expect(placed.status).toBe(201);
    const id = placed.fields.id ?? '';
    const found = await ask(range, `GET /orders/${id}`);
    expect(found).toMatchObject({
      status: 200,
      fields: { id, customer: 'drill', item: 'rope', quantity: '2' },
    });
    expect(Date.now() - Date.parse(found.fields.placed_at ?? '')).toBeLessThan(10_000);
    expect((await ask(range, 'GET /orders/none')).status).toBe(404);
    expect((await ask(range, 'GET /nothing')).status).toBe(404);
    expect((await ask(range, 'POST /orders', 'quantity=-1')).status).toBe(400);
  });

  it('counts the orders up to a moment', async () => {
    const range = await started();
    for (const { newest, rows } of manifests(range)) {
      expect((await ask(range, `GET /orders/count?until=${newest}`)).fields.rows).toBe(rows);
    }
    expect((await ask(range, 'GET /orders/count?until=yesterday')).status).toBe(400);
  });

  it('answers a program in JSON', async () => {
    const range = await started();
    const response = await fetch(`${range.env.ORDERS_URL}/health`, {
      headers: { accept: 'application/json' },
    });
    expect(await response.json()).toEqual({ status: 'ok' });
  });

  it('is busy: customers order all the time', async () => {
    const range = await started();
    const before = Number((await ask(range, 'GET /orders/count')).fields.rows);
    await pause(1_500);
    const after = Number((await ask(range, 'GET /orders/count')).fields.rows);
    expect(after - before).toBeGreaterThanOrEqual(2);
    const latest = await ask(range, 'GET /orders/latest');
    expect(Date.now() - Date.parse(latest.fields.placed_at ?? '')).toBeLessThan(2_000);
  });

  it.each([
    ['its first bytes are damaged', (file: string) => damage(file, 0)],
    ['its middle is damaged', (file: string) => damage(file, Math.floor(statSync(file).size / 2))],
    ['it is cut short', (file: string) => truncateSync(file, 50_000)],
    ['it is gone', (file: string) => renameSync(file, `${file}.away`)],
    ['it is empty', (file: string) => truncateSync(file, 0)],
  ])('is not healthy when the database is such that %s', async (_, harm) => {
    const range = await started();
    harm(range.env.ORDERS_DB ?? '');
    const { status, fields } = await ask(range, 'GET /health');
    expect(status).toBe(503);
    expect(fields.status).toBe('failing');
    expect(fields.reason).not.toBe('');
  });

  it('touches nothing while it is stopped, and goes on with the file it then finds', async () => {
    const range = await started();
    const file = range.env.ORDERS_DB ?? '';
    expect((await ask(range, 'POST /service/stop')).fields.state).toBe('stopped');
    expect(await ask(range, 'GET /health')).toMatchObject({
      status: 503,
      fields: { status: 'stopped' },
    });
    const still = cksumFile(file);
    await pause(700);
    expect(cksumFile(file)).toEqual(still);
    const good = manifests(range)[1];
    copyFileSync(join(range.env.ORDERS_BACKUPS ?? '', good?.file ?? ''), file);
    await ask(range, 'POST /service/start');
    expect((await ask(range, 'GET /health')).status).toBe(200);
    const rows = Number((await ask(range, 'GET /orders/count')).fields.rows);
    expect(rows - Number(good?.rows)).toBeLessThan(20);
    const { lost, lost_from } = (await ask(range, 'GET /journal')).fields;
    expect(Number(lost)).toBeGreaterThan(100);
    expect(Date.parse(lost_from ?? '')).toBeGreaterThanOrEqual(Date.parse(good?.newest ?? ''));
  });

  it('refuses what a web page could send', async () => {
    const range = await started();
    const send = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const url = `${range.env.ORDERS_CONTROL_URL}/service/stop`;
        httpRequest(url, { method: 'POST', headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await send({ origin: 'https://example.org' })).toBe(403);
    expect(await send({ host: 'example.org' })).toBe(403);
    expect((await ask(range, 'GET /service')).fields.state).toBe('running');
    expect((await ask(range, 'POST /orders', 'x'.repeat(20_000))).status).toBe(413);
  });
});

describe('the backups', () => {
  it('have manifests; the newest is damaged and the order of file times is wrong', async () => {
    const range = await started();
    const found = manifests(range);
    expect(found).toHaveLength(3);
    const paths = found.map(({ file }) => join(range.env.ORDERS_BACKUPS ?? '', file ?? ''));
    const whole = paths.map((path, i) => {
      const { checksum, bytes } = cksumFile(path);
      expect(String(bytes)).toBe(found[i]?.bytes);
      return String(checksum) === found[i]?.cksum;
    });
    expect(whole).toEqual([true, true, false]);
    const newest = found.map((manifest) => Date.parse(manifest.newest ?? ''));
    expect(newest).toEqual([...newest].sort((a, b) => a - b));
    const age = (Date.now() - (newest[1] ?? 0)) / 60_000;
    expect(age).toBeGreaterThan(19.5);
    expect(age).toBeLessThan(22);
    const times = paths.map((path) => statSync(path).mtimeMs);
    expect(Math.max(...times)).toBe(times[0]);
  });

  it('carry the checksum of the cksum program', () => {
    for (const text of ['', 'a', '123456789', 'x'.repeat(70_000)]) {
      const printed = execFileSync('cksum', { input: text, encoding: 'utf8' }).trim();
      const { checksum, bytes } = cksum(new TextEncoder().encode(text));
      expect(`${checksum} ${bytes}`).toBe(printed);
    }
  });
});

describe('a range that is started again', () => {
  it('goes on with its data, its ports and the service as it was left', async () => {
    const dir = folder();
    const first = await startPracticeRange({ dir });
    const placed = await ask(first, 'POST /orders', 'customer=before');
    await ask(first, 'POST /service/stop');
    await first.close();
    await first.close();
    const again = await started(dir);
    expect(again.env).toEqual(first.env);
    expect((await ask(again, 'GET /service')).fields.state).toBe('stopped');
    await ask(again, 'POST /service/start');
    expect((await ask(again, `GET /orders/${placed.fields.id}`)).fields.customer).toBe('before');
  });

  it('waits for a close of this process that is under way', async () => {
    const dir = folder();
    const first = await startPracticeRange({ dir });
    void first.close();
    const again = await started(dir);
    expect(again.env).toEqual(first.env);
  });

  it('takes another port when its own is taken', async () => {
    const dir = folder();
    const first = await startPracticeRange({ dir });
    await first.close();
    const port = Number(new URL(first.env.ORDERS_URL ?? '').port);
    const squatter = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    onTestFinished(() => void squatter.close());
    const again = await started(dir);
    expect(again.env.ORDERS_URL).not.toBe(first.env.ORDERS_URL);
    expect(again.env.ORDERS_CONTROL_URL).toBe(first.env.ORDERS_CONTROL_URL);
    expect((await ask(again, 'GET /health')).status).toBe(200);
  });

  it('is refused while a living process has it, and not when that process is gone', async () => {
    const dir = folder();
    const first = await startPracticeRange({ dir });
    await expect(startPracticeRange({ dir })).rejects.toThrow(MusterError);
    await first.close();
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const pid = other.pid ?? 0;
    const record = JSON.parse(readFileSync(join(dir, 'range.json'), 'utf8'));
    const owner = { pid, start: processStart(pid) };
    writeFileSync(join(dir, 'range.json'), JSON.stringify({ ...record, owner }));
    await expect(startPracticeRange({ dir })).rejects.toThrow(/another process/);
    const gone = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await gone;
    await started(dir);
  });

  it('fills itself anew when the first filling was cut off', async () => {
    const dir = folder();
    const first = await startPracticeRange({ dir });
    await first.close();
    renameSync(join(dir, 'data'), join(dir, 'data.partial'));
    truncateSync(join(dir, 'data.partial', 'live', 'orders.db'), 10);
    writeFileSync(join(dir, 'range.json'), '{"half');
    const again = await started(dir);
    expect((await ask(again, 'GET /health')).status).toBe(200);
  });
});

function damage(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0x21, at, at + 16_384);
  writeFileSync(file, bytes);
}
