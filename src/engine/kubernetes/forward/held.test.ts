import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWorkbench, type Workbench } from '../../testing.ts';
import type { Forward } from './forward.ts';
import { closeForward, heldForward, holdForward } from './held.ts';

function forward(): Forward & { isClosed: boolean } {
  return {
    host: '127.0.0.1',
    port: 1,
    describes: 'a test',
    isClosed: false,
    async close() {
      this.isClosed = true;
    },
  };
}

describe('port-forwards that a run holds', () => {
  let bench: Workbench;
  beforeEach(() => {
    bench = openWorkbench();
  });
  afterEach(() => bench.close());

  test('are closed when the run ends, each by its name before', async () => {
    const run = await bench.start('# Forward\n\n## All\n\n### Wait\n\nWait.\n');
    const [first, second, other] = [forward(), forward(), forward()];
    await holdForward(run, 'db', first);
    await holdForward(run, 'db', second);
    await holdForward('another run', 'db', other);
    expect(first.isClosed).toBe(true);
    expect(heldForward(run, 'db')).toBe(second);
    await bench.engine.command(run, { kind: 'abort', reason: 'enough', undo: false });
    await expect.poll(() => second.isClosed).toBe(true);
    expect(heldForward(run, 'db')).toBeNull();
    expect(other.isClosed).toBe(false);
    expect(await closeForward('another run', 'db')).toBe(true);
    expect(await closeForward('another run', 'db')).toBe(false);
  });
});
