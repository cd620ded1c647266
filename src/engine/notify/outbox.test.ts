import { describe, expect, it } from 'vitest';
import { DeliveryFault } from './deliver.ts';
import { tryLater } from './outbox.ts';

const end = (results: (Error | null)[], pauses = [1, 1, 1]) =>
  new Promise<{ fault: string | null; tries: number }>((resolve) => {
    let tries = 0;
    tryLater(
      async () => {
        const result = results[tries] ?? null;
        tries += 1;
        if (result) throw result;
      },
      (fault) => resolve({ fault, tries }),
      pauses,
    );
  });

describe('messages that were not taken', () => {
  const passes = new DeliveryFault('status 503', true);

  it('are tried again until one try succeeds', async () => {
    expect(await end([passes, passes, null])).toEqual({ fault: null, tries: 3 });
  });

  it('are given up when the tries are used up', async () => {
    expect(await end([passes, passes, passes, null])).toEqual({ fault: 'status 503', tries: 3 });
    expect(await end([], [])).toEqual({ fault: 'it was not tried again', tries: 0 });
  });

  it('are given up where trying again cannot help', async () => {
    const result = await end([passes, new DeliveryFault('status 403', false), null]);
    expect(result).toEqual({ fault: 'status 403', tries: 2 });
  });
});
