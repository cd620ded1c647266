import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumFor, withChecksum } from './checksum-file.ts';
import { chooseLatest } from './choose-latest.ts';
import { readKeyPattern } from './key-pattern.ts';
import type { ListedObject } from './listed.ts';
import { timeOfMetadata, timeTeller } from './object-time.ts';
import { cutIntoParts, likelyPartSizes, partSizeFor } from './parts.ts';
import { planRetention } from './retention.ts';
import { formatObjectUri, parseObjectUri } from './uri.ts';

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;
const now = new Date('2026-03-29T14:00:00Z');

/** Objects that differ in age by hours, with any names, some of them not whole. */
const listed: fc.Arbitrary<ListedObject> = fc.record({
  key: fc
    .tuple(
      fc.stringMatching(/^[a-z0-9]{1,6}$/),
      fc.constantFrom('.dump', '.dump.gz', '.tmp', '.sha256', '/'),
    )
    .map((parts) => parts.join('')),
  size: fc.oneof(fc.constant(0), fc.integer({ min: 900, max: 1100 }), fc.nat({ max: 50 })),
  modified: fc
    .integer({ min: 0, max: 24 * 60 })
    .map((hours) => new Date(now.getTime() - hours * HOUR)),
});
const listings = fc.uniqueArray(listed, { selector: ({ key }) => key, maxLength: 40 });
const modifiedOf = ({ modified }: ListedObject): Date => modified;
const base = { prefix: '', now, timeOf: modifiedOf };

const object = (key: string, hours: number, size = 1000): ListedObject => ({
  key,
  size,
  modified: new Date(now.getTime() - hours * HOUR),
});

describe('the latest object', () => {
  it('is the newest of those that count, whatever its name and the order of the listing', () => {
    fc.assert(
      fc.property(listings, fc.infiniteStream(fc.nat()), (objects, random) => {
        const { chosen, candidates } = chooseLatest(objects, base);
        const counting = candidates.filter(({ skipped }) => skipped === null);
        expect(candidates).toHaveLength(objects.length);
        expect(chosen === null).toBe(counting.length === 0);
        for (const { time } of counting) {
          expect(Number(chosen?.time)).toBeGreaterThanOrEqual(Number(time));
        }
        const order = new Map(objects.map((one) => [one, random.next().value ?? 0]));
        const shuffled = [...objects].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
        expect(chooseLatest(shuffled, base).chosen?.object).toBe(chosen?.object);
      }),
    );
  });

  it('is never empty, unfinished, a folder or a companion', () => {
    fc.assert(
      fc.property(listings, (objects) => {
        const chosen = chooseLatest(objects, base).chosen?.object;
        if (chosen === undefined) return;
        expect(chosen.size).toBeGreaterThan(0);
        expect(chosen.key).not.toMatch(/\.tmp$|\.sha256$|\/$/);
      }),
    );
  });

  it('passes over what is far smaller than usual, and says so', () => {
    const objects = [
      object('d', 1, 20),
      ...['c', 'b', 'a'].map((key, at) => object(key, 24 * (at + 1))),
    ];
    const { chosen, candidates } = chooseLatest(objects, base);
    expect(chosen?.object.key).toBe('c');
    expect(candidates[0]?.skipped).toBe('it is less than a tenth of the usual size');
    expect(chooseLatest(objects, { ...base, minSize: 10 }).chosen?.object.key).toBe('d');
  });

  it('keeps to filters', () => {
    const objects = [object('db/a.dump', 30), object('db/z.log', 1), object('db/b.dump', 60, 5)];
    const within = { ...base, prefix: 'db/', suffix: '.dump' };
    expect(chooseLatest(objects, within).chosen?.object.key).toBe('db/a.dump');
    expect(chooseLatest(objects, { ...within, pattern: 'b*' }).chosen?.object.key).toBe(
      'db/b.dump',
    );
    const { chosen, candidates } = chooseLatest(objects, { ...within, maxAge: DAY });
    expect(chosen).toBeNull();
    expect(candidates[0]?.skipped).toBe('it is older than 1 d');
  });

  it('goes by the time in the name where the pattern says one', () => {
    const pattern = 'orders-%Y%m%d.dump';
    const objects = [
      object('db/orders-20260301.dump', 1),
      object('db/orders-20260328.dump', 500),
      object('db/orders-20260231.dump', 2),
    ];
    const timeOf = timeTeller({ from: 'name', pattern }, 'db/');
    const { chosen, candidates } = chooseLatest(objects, {
      ...base,
      prefix: 'db/',
      pattern,
      timeOf,
    });
    expect(chosen?.object.key).toBe('db/orders-20260328.dump');
    expect(candidates.at(-1)?.skipped).toBe('its time cannot be told');
  });
});

describe('a retention', () => {
  const options = fc.record({
    keepLast: fc.integer({ min: 1, max: 10 }),
    keepMs: fc.option(
      fc.integer({ min: 0, max: 60 }).map((days) => days * DAY),
      { nil: undefined },
    ),
  });

  it('keeps the newest whole ones, the young and the locked, and never lets all go', () => {
    fc.assert(
      fc.property(listings, options, fc.func(fc.boolean()), (objects, retention, isLocked) => {
        const plan = planRetention(objects, {
          ...base,
          ...retention,
          lockOf: ({ key }) => (isLocked(key) ? 'it is locked' : null),
        });
        expect(plan.stays.length + plan.goes.length).toBeLessThanOrEqual(objects.length);
        const whole = plan.stays.filter(({ skipped }) => skipped === null);
        for (const { object, time } of plan.goes) {
          const age = now.getTime() - time.getTime();
          expect(age).toBeGreaterThanOrEqual(retention.keepMs ?? 0);
          expect(isLocked(object.key)).toBe(false);
          const newer = whole.filter((kept) => Number(kept.time) >= time.getTime());
          expect(newer.length).toBeGreaterThanOrEqual(retention.keepLast);
        }
      }),
    );
  });

  it('finds nothing more once it was carried out', () => {
    fc.assert(
      fc.property(listings, options, (objects, retention) => {
        const sized = { ...base, ...retention, minSize: 100 };
        const plan = planRetention(objects, sized);
        const gone = new Set(
          plan.goes.flatMap(({ object, companions }) => [object, ...companions]),
        );
        const left = objects.filter((one) => !gone.has(one));
        expect(planRetention(left, sized).goes).toEqual([]);
      }),
    );
  });

  it('takes what accompanies an object with it, and only then', () => {
    const objects = [
      object('a', 1),
      object('b', 50),
      object('b.sha256', 50, 70),
      object('a.sha256', 1, 70),
    ];
    const plan = planRetention(objects, { ...base, keepLast: 1 });
    expect(plan.goes.map(({ object, companions }) => [object.key, companions[0]?.key])).toEqual([
      ['b', 'b.sha256'],
    ]);
  });

  it('counts the manifest of a dump as part of its dump', () => {
    const objects = ['a', 'b', 'c'].flatMap((name, at) => [
      object(`${name}.sql.gz`, 24 * at + 1),
      object(`${name}.sql.gz.manifest.json`, 24 * at, 70),
    ]);
    expect(chooseLatest(objects, base).chosen?.object.key).toBe('a.sql.gz');
    const { goes } = planRetention(objects, { ...base, keepLast: 2 });
    expect(goes.map(({ object, companions }) => [object.key, companions[0]?.key])).toEqual([
      ['c.sql.gz', 'c.sql.gz.manifest.json'],
    ]);
  });

  it('refuses where backups have stopped, and keeps all where none is whole', () => {
    const old = [object('a', 500), object('b', 600)];
    const stopped = planRetention(old, { ...base, keepLast: 1, keepMs: DAY });
    expect(stopped.refusal).toContain('backups have stopped');
    const empty = [object('a', 500, 0), object('b', 600, 0)];
    expect(planRetention(empty, { ...base, keepLast: 1, keepMs: DAY }).goes).toEqual([]);
  });
});

describe('key patterns', () => {
  it('read the time that date wrote', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('1970-01-01T00:00:00Z'),
          max: new Date('9999-12-31T23:59:59Z'),
          noInvalidDate: true,
        }),
        (date) => {
          const iso = date.toISOString();
          const read = readKeyPattern('x/*-%Y-%m-%d_%H%M%S.gz');
          if (!read.ok) throw new Error(read.message);
          const key = `x/any-${iso.slice(0, 10)}_${iso.slice(11, 19).replaceAll(':', '')}.gz`;
          expect(read.pattern.timeOf(key)?.getTime()).toBe(
            Math.floor(date.getTime() / 1000) * 1000,
          );
        },
      ),
    );
  });

  it('take every other text as it is, and any text as a key', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.string({ maxLength: 30 }), (text, key) => {
        const read = readKeyPattern(text.replaceAll('%', '%%').replace(/[*?]/g, '-'));
        if (!read.ok) throw new Error(read.message);
        expect(read.pattern.test(text.replace(/[*?]/g, '-'))).toBe(true);
        expect(() => read.pattern.timeOf(key)).not.toThrow();
      }),
    );
  });

  it.each([
    ['%Y%m%dT%H%M%S%z', '20260329T140000+0200', '2026-03-29T12:00:00.000Z'],
    ['%Y%m%dT%H%M%S%z', '20260329T140000Z', '2026-03-29T14:00:00.000Z'],
    ['a-%s', 'a-1774792800', '2026-03-29T14:00:00.000Z'],
    ['%Y-%m-%d', '2026-02-29', undefined],
    ['%Y-%m-%d %H', '2026-02-28 24', undefined],
    ['**/%d.%m.%Y*', 'a/b/29.03.2026.dump', '2026-03-29T00:00:00.000Z'],
  ])('%s reads %s as %s', (pattern, key, time) => {
    const read = readKeyPattern(pattern);
    expect(read.ok && read.pattern.timeOf(key)?.toISOString()).toBe(time);
  });

  it.each(['%Y%m', '%H', '%Y%Y%m%d', '%q'])('say what is wrong with %s', (pattern) =>
    expect(readKeyPattern(pattern).ok).toBe(false),
  );

  it('do not let a star cross a slash', () => {
    const read = readKeyPattern('a*c');
    expect(read.ok && [read.pattern.test('abc'), read.pattern.test('a/c')]).toEqual([true, false]);
  });
});

describe('what surrounds them', () => {
  it('parts cover an object without gap or overlap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 44 }), (size) => {
        const partSize = partSizeFor(size);
        expect(Math.ceil(size / partSize)).toBeLessThanOrEqual(10_000);
        const parts = cutIntoParts(size, partSize);
        expect(parts[0]?.from).toBe(0);
        expect(parts.at(-1)?.to).toBe(size);
        expect(
          parts.every(({ from, to }, at) => to > from && (parts[at - 1]?.to ?? 0) === from),
        ).toBe(true);
        expect(likelyPartSizes(size, parts.length)).toContain(partSize);
      }),
      { numRuns: 50 },
    );
  });

  it('URIs are read as they are written', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9][a-z0-9.-]{2,20}$/), fc.string(), (bucket, key) => {
        expect(parseObjectUri(formatObjectUri({ bucket, key }))).toEqual({ bucket, key });
      }),
    );
    expect(parseObjectUri('https://a/b')).toBeNull();
    expect(parseObjectUri('s3://../x')).toBeNull();
  });

  it('times in metadata have a zone', () => {
    expect(timeOfMetadata('2026-03-29T14:00:00+02:00')?.toISOString()).toBe(
      '2026-03-29T12:00:00.000Z',
    );
    expect(timeOfMetadata('1774792800.5')?.toISOString()).toBe('2026-03-29T14:00:00.500Z');
    expect(timeOfMetadata('2026-03-29T14:00:00')).toBeNull();
    expect(timeOfMetadata('yesterday')).toBeNull();
    expect(timeOfMetadata(undefined)).toBeNull();
  });

  it('checksum files of both kinds are read and kept', () => {
    const [a, b] = ['a'.repeat(64), 'B'.repeat(64)];
    const text = `# sums\n${a}  ./db/one.dump\n${a} *three\nSHA256 (two.dump) = ${b}\n`;
    expect(checksumFor(text, 'x/one.dump')).toBe(a);
    expect(checksumFor(text, 'two.dump')).toBe('b'.repeat(64));
    expect(checksumFor(text, 'four')).toBeNull();
    expect(checksumFor(`${a}\n`, 'anything')).toBe(a);
    const changed = withChecksum(text, 'two.dump', a);
    expect(checksumFor(changed, 'two.dump')).toBe(a);
    expect(checksumFor(changed, 'three')).toBe(a);
    expect(withChecksum(`${a}  one\n`, 'one', null)).toBe('');
  });
});
