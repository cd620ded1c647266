import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { prometheus } from './prometheus.ts';
import { testContext } from './test/context.ts';

const file = process.env.MUSTER_RANGE;
const rangeSchema = z.object({ prometheus: z.object({ url: z.string() }) });

describe.skipIf(!file)('prometheus steps on the range', () => {
  const act = (body: object) => {
    const range = rangeSchema.parse(JSON.parse(readFileSync(file ?? '', 'utf8')));
    const target = { prometheusUrl: range.prometheus.url };
    const context = testContext(prometheus, { query: '', ...body }, { target });
    return prometheus.act(context).then((done) => ({ ...done, kept: context.kept }));
  };

  it('judge this moment and a stretch of time', async () => {
    expect(await act({ query: 'vector(0.9)', warning: '> 0.8' })).toMatchObject({
      verdict: 'degraded',
      values: { value: 0.9, series: 1 },
    });
    const ranged = await act({
      query: 'time() - time() + 3',
      range: '10m',
      over: 'mean',
      critical: '> 2',
    });
    expect(ranged).toMatchObject({ verdict: 'unhealthy', values: { value: 3 } });
    const { series } = z
      .object({ series: z.array(z.object({ points: z.array(z.unknown()) })) })
      .parse(JSON.parse(ranged.kept[0]?.content ?? ''));
    expect(series[0]?.points.length).toBeGreaterThan(100);
  });

  it('refuse what is no PromQL', async () => {
    await expect(act({ query: 'sum(' })).rejects.toMatchObject({
      problem: { code: 'prometheus-query-refused', what: expect.stringContaining('parse error') },
    });
  });
});
