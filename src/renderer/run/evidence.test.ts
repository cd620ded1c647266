import { describe, expect, it } from 'vitest';
import { pairs, pretty, seriesIn } from './evidence.ts';

const place = (name: string, mediaType = 'application/json') => ({
  name,
  mediaType,
  at: 0,
  bytes: 1,
});

describe('evidence', () => {
  it('of before and after is shown as one', () => {
    const shown = pairs([
      place('before: deployment/orders'),
      place('rows'),
      place('after: deployment/orders'),
      place('after: service/orders'),
    ]);
    expect(shown.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'pair deployment/orders',
      'one rows',
      'one after: service/orders',
    ]);
  });

  it('is laid out when it is JSON, and left as it is when it is not', () => {
    expect(pretty(place('a'), '{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(pretty(place('a'), '{"a":')).toBe('{"a":');
    expect(pretty(place('a', 'text/plain'), '{"a":1}')).toBe('{"a":1}');
  });

  it('becomes a chart when it holds series with a past', () => {
    const series = (points: number[][]) =>
      JSON.stringify({
        query: 'up',
        warning: null,
        critical: '> 3',
        series: [{ labels: { job: 'a' }, points }],
      });
    expect(
      seriesIn(
        series([
          [1, 2],
          [2, 3],
        ]),
      )?.critical,
    ).toBe('> 3');
    expect(seriesIn(series([[1, 2]]))).toBeNull();
    expect(seriesIn('{"rows":[]}')).toBeNull();
    expect(seriesIn('no json')).toBeNull();
  });
});
