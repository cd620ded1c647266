import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { mayMount, mountDisk } from '../../store/test/disk.ts';
import { closeForwards } from './forward/held.ts';
import { followLogs } from './pods/follow-logs.ts';
import { type Bench, openBench, pod, podSpec, problemOf, range } from './test/range.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const redis = ['redis-server', '--port', '8080', '--protected-mode', 'no'];

/** What a Redis answers to one command. */
function ask(port: unknown, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(port), '127.0.0.1', () =>
      socket.write(`${command}\r\n`),
    );
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
    socket.once('data', (bytes) => {
      resolve(bytes.toString('utf8').trim());
      socket.end();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
  });
}

/** On the range's real cluster, in a namespace of its own. */
describe.skipIf(range === null)('pods of a cluster', { timeout: 60_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    if (range === null) return;
    bench = await openBench(range);
    await bench.apply(
      pod('box'),
      pod('talker', [
        'sh',
        '-c',
        'for i in 1 2 3 4 5 6 7 8 9; do echo line $i; sleep 0.2; done; echo ready to go; sleep infinity',
      ]),
      pod('web', redis),
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
      },
    );
    await bench.act({ wait: ['pod/box', 'pod/web'], for: 'condition=Ready' });
  }, 60_000);
  afterAll(async () => bench?.close());

  test('runs a program: its words are arguments, its output and exit code are kept', async () => {
    const words = ['$HOME', 'a b', '"', '; exit 3', 'é'];
    const done = await bench.act({ exec: 'pod/box', command: ['printf', '%s|', ...words] });
    expect(done.values.stdout).toBe(words.map((word) => `${word}|`).join(''));
    const body = { exec: 'pod/box', command: ['sh', '-c', 'echo out; echo err >&2; exit 3'] };
    const problem = await problemOf(bench.act(body));
    expect(problem.code).toBe('kubernetes-exec-exited');
    expect(problem.what).toContain('exit code 3');
    const allowed = await bench.act({ ...body, 'exit-codes': [3] });
    expect(allowed.values['exit-code']).toBe(3);
    expect(allowed.context.lines).toEqual(expect.arrayContaining(['out', 'err']));
    const missing = await problemOf(bench.act({ exec: 'pod/box', command: ['no-such-program'] }));
    expect(missing.code).toMatch(/kubernetes-exec-(failed|exited)/);
  });

  test('feeds a program from a file and takes its output into one', async () => {
    const bytes = randomBytes(5_000_000);
    writeFileSync(join(bench.folder, 'in.bin'), bytes);
    const body = { exec: 'pod/box', command: ['cat'], stdin: 'in.bin', output: 'out.bin' };
    const done = await bench.act(body);
    expect(done.values.bytes).toBe(bytes.length);
    expect(sha256(readFileSync(join(bench.folder, 'out.bin')))).toBe(sha256(bytes));
    const sum = await bench.act({ exec: 'pod/box', command: ['sha256sum'], stdin: 'in.bin' });
    expect(sum.values.stdout).toContain(sha256(bytes));
  });

  test('copies a file in and out, both ends the same', async () => {
    const bytes = randomBytes(20_000_000);
    writeFileSync(join(bench.folder, 'big.bin'), bytes);
    const into = await bench.act({
      'copy-in': 'pod/box',
      from: 'big.bin',
      path: '/tmp/-big one.bin',
    });
    expect(into.values).toMatchObject({ bytes: bytes.length, sha256: sha256(bytes) });
    const back = await bench.act({
      'copy-out': 'pod/box',
      path: '/tmp/-big one.bin',
      to: 'back.bin',
    });
    expect(back.summary).toContain('SHA-256 agrees');
    expect(readFileSync(join(bench.folder, 'back.bin')).equals(bytes)).toBe(true);
    expect(back.context.shown.at(-1)).toMatchObject({ done: bytes.length, unit: 'bytes' });
    writeFileSync(join(bench.folder, 'empty'), '');
    await bench.act({ 'copy-in': 'pod/box', from: 'empty', path: '/tmp/empty' });
    await bench.act({ 'copy-out': 'pod/box', path: '/tmp/empty', to: 'empty2' });
    expect(readFileSync(join(bench.folder, 'empty2')).length).toBe(0);
    const problem = await problemOf(bench.act({ 'copy-out': 'pod/box', path: '/absent', to: 'x' }));
    expect(problem.code).toBe('kubernetes-copy-source');
  });

  test('goes on with a copy that an earlier attempt began', async () => {
    await bench.act({
      exec: 'pod/box',
      command: ['sh', '-c', 'head -c 60000000 /dev/urandom > /tmp/resume'],
    });
    const cancel = new AbortController();
    const body = { 'copy-out': 'pod/box', path: '/tmp/resume', to: 'resume' };
    const context = bench.context(body, { signal: cancel.signal });
    const { kubernetes } = await import('../steps/kubernetes.ts');
    const first = kubernetes.act({
      ...(context as Parameters<typeof kubernetes.act>[0]),
      progress: ({ done }) => done > 10_000_000 && cancel.abort(new Error('enough')),
    });
    await expect(first).rejects.toThrow('enough');
    const second = await bench.act(body);
    expect(second.context.lines.join()).toMatch(/Going on at byte \d{8}/);
    const sum = await bench.act({ exec: 'pod/box', command: ['sha256sum', '/tmp/resume'] });
    expect(sum.values.stdout).toContain(second.values.sha256);
  });

  test('copies folders in and out, without following links out of them', async () => {
    const from = join(bench.folder, 'tree');
    mkdirSync(join(from, 'deep', 'empty'), { recursive: true });
    for (let index = 0; index < 300; index += 1) {
      writeFileSync(join(from, 'deep', `file ${index} ${'x'.repeat(80)}`), `content ${index}`);
    }
    writeFileSync(join(from, 'back\\slash'), 'one');
    writeFileSync(join(from, 'large'), randomBytes(9_000_000));
    symlinkSync('/etc/passwd', join(from, 'leads-out'));
    const into = await bench.act({ 'copy-in': 'pod/box', from: 'tree', path: '/tmp/tree' });
    expect(into.values.count).toBe(302);
    expect(into.context.lines.join()).toContain('Left out leads-out');
    await bench.act({
      exec: 'pod/box',
      command: [
        'sh',
        '-c',
        'cd /tmp/tree; ln -s /etc/passwd out; ln -s ../../../etc up; ln -s large in',
      ],
    });
    const back = await bench.act({ 'copy-out': 'pod/box', path: '/tmp/tree', to: 'tree2' });
    expect(back.values.count).toBe(302);
    expect(back.summary).toContain('SHA-256 agrees');
    for (const link of ['out', 'up']) {
      expect(back.context.lines.join()).toContain(`Left out the link ${link}:`);
    }
    const { spawnSync } = await import('node:child_process');
    const compared = spawnSync('diff', ['-r', 'tree', 'tree2'], {
      cwd: bench.folder,
      encoding: 'utf8',
    });
    expect(compared.stdout.trim().split('\n').sort()).toEqual(
      ['Only in tree2: in', 'Only in tree: leads-out'].sort(),
    );
  });

  test('compares a large copy with the program that the container has', async () => {
    const programs = ['sh', 'sleep', 'ln', 'mkdir', 'cat', 'stat', 'tail', 'head', 'chmod'];
    const only = (name: string, more: string[]) => {
      const made = `P=$(command -v ${[...programs, ...more].join(' ')}); PATH=/bin:/usr/bin mkdir /only; PATH=/bin:/usr/bin ln -s $P /only/; exec sleep infinity`;
      const spec = podSpec(bench.range.image, ['/bin/bash', '-c', `PATH=/bin:/usr/bin; ${made}`]);
      const [container] = spec.containers;
      const env = [{ name: 'PATH', value: '/only' }];
      const metadata = { name };
      const containers = [{ ...container, env }];
      return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...spec, containers } };
    };
    await bench.apply(
      only('with-sum', ['sha256sum']),
      only('with-both', ['sha256sum']),
      only('with-none', []),
    );
    const broken = `printf '#!/bin/sh\necho no such digest >&2; exit 1\n' > /only/openssl`;
    for (const [name, before, said] of [
      ['with-sum', 'true', 'SHA-256 agrees'],
      // One that is there and cannot.
      ['with-both', `${broken}; chmod +x /only/openssl`, 'SHA-256 agrees'],
      ['with-none', 'true', 'sizes agree'],
    ] as const) {
      await bench.act({ wait: `pod/${name}`, for: 'condition=Ready' });
      const fill = ['sh', '-c', `head -c 70000000 /dev/zero > /tmp/zeros; ${before}`];
      await bench.act({ exec: `pod/${name}`, command: fill });
      const copied = { 'copy-out': `pod/${name}`, path: '/tmp/zeros', to: name };
      expect((await bench.act(copied)).summary).toContain(said);
    }
  });

  test.skipIf(!mayMount)('says that the disk is full, and goes on once there is room', async () => {
    const fill = ['sh', '-c', 'head -c 6000000 /dev/urandom > /tmp/six'];
    await bench.act({ exec: 'pod/box', command: fill });
    const disk = mountDisk('size=4m');
    onTestFinished(disk.unmount);
    const to = join(disk.path, 'six');
    const full = { code: 'disk-full', place: { file: to } };
    const copy = { 'copy-out': 'pod/box', path: '/tmp/six', to };
    expect(await problemOf(bench.act(copy))).toMatchObject(full);
    const read = { exec: 'pod/box', command: ['cat', '/tmp/six'], output: to };
    expect(await problemOf(bench.act(read))).toMatchObject(full);
    expect(existsSync(to)).toBe(false);
    disk.remount('size=20m');
    expect((await bench.act(copy)).summary).toContain('SHA-256 agrees');
    expect((await bench.act(read)).values.bytes).toBe(6_000_000);
  });

  test('follows a log until a line matches, and says so where none does', async () => {
    const done = await bench.act({ logs: 'pod/talker', until: 'ready (to|for)' });
    expect(done.values.line).toBe('ready to go');
    const tail = await bench.act({ logs: 'pod/talker', tail: 2 });
    expect(tail.context.lines).toEqual(['line 9', 'ready to go']);
    expect(tail.values).toMatchObject({ line: 'ready to go', count: 2 });
    const body = { logs: 'pod/talker', until: 'never said' };
    const problem = await problemOf(bench.act(body, { timeoutMs: 2_500 }));
    expect(problem.code).toBe('kubernetes-log-line-missing');
    const seen: string[] = [];
    const stop = new AbortController();
    const place = { namespace: bench.namespace, pod: 'talker', container: 'main' };
    const take = (line: string): void => {
      seen.push(line);
      if (line === 'ready to go') stop.abort(new Error('enough'));
    };
    await expect(followLogs(bench.connection, place, {}, take, stop.signal)).rejects.toThrow(
      'enough',
    );
    expect(seen).toHaveLength(10);
  });

  test('holds a port-forward for later steps, across a pod that is replaced', async () => {
    const done = await bench.act({ 'port-forward': 'service/web', port: 80, id: 'web' });
    const { port, host } = done.values;
    expect(host).toBe('127.0.0.1');
    await expect
      .poll(() => ask(port, 'SET who first').catch(() => ''), { timeout: 10_000 })
      .toBe('+OK');
    const many = await Promise.all(
      Array.from({ length: 10 }, (_, index) => ask(port, `ECHO ${index}`)),
    );
    expect(many[9]).toContain('9');
    const large = 'x'.repeat(300_000);
    expect(await ask(port, `*2\r\n$4\r\nECHO\r\n$300000\r\n${large}`)).toContain('$300000');
    await bench.act({ delete: 'pod/web' });
    await bench.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web2', labels: { app: 'web' } },
      spec: podSpec(bench.range.image, redis),
    });
    await bench.act({ wait: 'pod/web2', for: 'condition=Ready' });
    await expect.poll(() => ask(port, 'GET who').catch(() => ''), { timeout: 15_000 }).toBe('$-1');
    await bench.act({ 'port-forward': 'close', id: 'web' });
    await expect(ask(port, 'PING')).rejects.toThrow();
    const again = await bench.act({ 'port-forward': 'pod/web2', port: 8080 });
    await closeForwards(again.context.run);
    const closed = new Promise((resolve) => {
      createConnection(Number(again.values.port), '127.0.0.1').once('error', resolve);
    });
    expect(await closed).toMatchObject({ code: 'ECONNREFUSED' });
    const wrong = await problemOf(bench.act({ 'port-forward': 'service/web', port: 81 }));
    expect(wrong.code).toBe('kubernetes-port-missing');
  });
});
