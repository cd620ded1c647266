import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listen } from '../checks/test/listen.ts';
import { structuredKindOf } from './registry-structured.ts';
import { testContext } from './test/context.ts';

describe('fault steps', () => {
  const fault = structuredKindOf('fault');
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end();
  });
  let url: string;
  beforeAll(async () => {
    url = `http://127.0.0.1:${await listen(server)}`;
  });
  beforeEach(() => {
    asked.length = 0;
  });
  afterAll(() => {
    server.close();
  });

  const body = () => ({
    inject: { http: { url: `${url}/on`, method: 'POST' } },
    restore: { http: { url: `${url}/off`, method: 'POST' } },
  });

  it('break something in a drill and mend it again', async () => {
    const context = testContext(fault, body());
    expect((await fault.preview(context)).text).toContain(`mended by "POST ${url}/off"`);
    expect(asked).toEqual([]);
    const done = await fault.act(context);
    await fault.undo?.(context, done.before);
    expect(asked).toEqual(['POST /on', 'POST /off']);
  });

  it.each(['incident', 'maintenance', 'rehearsal'] as const)(
    'break nothing in a run of the mode %s',
    async (mode) => {
      await expect(fault.act({ ...testContext(fault, body()), mode })).rejects.toMatchObject({
        problem: { code: 'fault-outside-drill' },
      });
      expect(asked).toEqual([]);
    },
  );

  it.each([
    ['no way back', () => ({ inject: body().inject })],
    ['an undo that its kind has not', () => ({ ...body(), restore: 'undo' })],
    ['a body that is wrong', () => ({ ...body(), inject: { http: { url: 'no address' } } })],
    ['an unknown kind', () => ({ ...body(), inject: { volcano: {} } })],
    ['a kind within itself', () => ({ ...body(), inject: { fault: body() } })],
    [
      'SQL, whose values it could not quote',
      () => ({ ...body(), inject: { sql: { query: 'x' } } }),
    ],
    ['two at once', () => ({ ...body(), inject: { ...body().inject, wait: { for: '1s' } } })],
  ])('cannot have %s', (_, wrong) => {
    expect(() => testContext(fault, wrong())).toThrow();
  });
});
