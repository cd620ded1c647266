import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { annotated, folder, muster, runbook, start, summary, until } from './test/muster.ts';

/** `kill -9` of Muster in the middle of a step that it carries out itself. */

let server: Server;
let asked: string[];
/** Answers come only when this says so. */
let isAnswering: boolean;

beforeEach(async () => {
  asked = [];
  isAnswering = false;
  server = createServer((request, response) => {
    asked.push(request.method ?? '');
    if (isAnswering) response.end('ok');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
afterEach(
  () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
);

const asking = (method: string): string => {
  const { port } = server.address() as AddressInfo;
  return `### Ask\n\`\`\`http {id=ask timeout=60s}\nurl: http://127.0.0.1:${port}/\nmethod: ${method}\n\`\`\`\n`;
};

const options = ['--auto', '--yes', 'destructive', '--json'];

/** Kills the command line once `isUnderWay`; returns the run. */
async function killed(home: string, steps: string, isUnderWay: () => boolean): Promise<string> {
  const { child, end } = start(home, ['run', runbook(annotated(`## One\n${steps}`)), ...options]);
  let out = '';
  child.stdout?.on('data', (data: Buffer) => {
    out += data.toString();
  });
  await until(async () => out.includes('"kind":"step.started"') && isUnderWay());
  child.kill('SIGKILL');
  await end;
  return /"run":"([^"]+)"/.exec(out)?.[1] ?? '';
}

describe('kill -9 in the middle of a structured step', () => {
  it.each(['GET', 'PUT'])('a %s, which may be repeated, is done again', async (method) => {
    const home = folder();
    const run = await killed(home, asking(method), () => asked.length === 1);
    isAnswering = true;
    const { code, out } = await muster(home, 'resume', run, ...options);
    expect(code).toBe(0);
    expect(summary(out).steps).toMatchObject([{ status: 'succeeded', attempts: 2 }]);
    expect(asked).toEqual([method, method]);
    expect((await muster(home, 'verify', run)).code).toBe(0);
  });

  it('a POST is unknown and not sent a second time, until a person says so', async () => {
    const home = folder();
    const run = await killed(home, asking('POST'), () => asked.length === 1);
    isAnswering = true;
    const resumed = await muster(home, 'resume', run, ...options);
    expect(resumed.code).toBe(1);
    expect(summary(resumed.out).steps).toMatchObject([{ status: 'unknown', attempts: 1 }]);
    expect(asked).toEqual(['POST']);
    const resolve = ['--resolve', 'ask=retry', '--reason', 'The server has no trace of it.'];
    expect((await muster(home, 'resume', run, ...options, ...resolve)).code).toBe(0);
    expect(asked).toEqual(['POST', 'POST']);
    expect((await muster(home, 'verify', run)).code).toBe(0);
  });

  it('a wait begins anew', async () => {
    const home = folder();
    const step = '### Wait\n```wait {id=pause timeout=60s}\nfor: 3s\n```\n';
    const run = await killed(home, step, () => true);
    const { code, out } = await muster(home, 'resume', run, ...options);
    expect(code).toBe(0);
    expect(summary(out).steps).toMatchObject([{ status: 'succeeded', attempts: 2 }]);
  });
});
