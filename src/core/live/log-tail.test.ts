import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLogTail } from './log-tail.ts';

test('gives each line once and in order, says how many are gone, and holds no more than its bound', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant(null), fc.string({ maxLength: 40 })), { maxLength: 3_000 }),
      (steps) => {
        const tail = createLogTail({ kept: 400, answer: 120 });
        const added: string[] = [];
        let from = 0;
        const readOnce = (): boolean => {
          const { lines, missed, next, hasMore } = tail.read(from);
          expect(next).toBe(from + missed + lines.length);
          expect(lines).toEqual(added.slice(from + missed, next));
          expect(lines.slice(1).join('').length).toBeLessThanOrEqual(120);
          from = next;
          return hasMore;
        };
        for (const step of steps) {
          if (step === null) readOnce();
          else {
            tail.add(step);
            added.push(step);
          }
        }
        while (readOnce());
        expect(from).toBe(added.length);
        const kept = added.length - tail.read(0).missed;
        expect(added.slice(-kept).join('').length).toBeLessThanOrEqual(400);
      },
    ),
    { numRuns: 60 },
  );
});

test('begins anew for a number that belongs to another log', () => {
  const tail = createLogTail();
  tail.add('a');
  expect(tail.read(700)).toEqual({ lines: ['a'], missed: 0, next: 1, hasMore: false });
});
