import { expect, it } from 'vitest';
import { drivesElsewhere, isAlive, thisHolder } from './holder.ts';
import { processStart } from './processes/identity.ts';

it('a lease of this very process keeps nobody from a run', () => {
  expect(isAlive(thisHolder('app'))).toBe(true);
  expect(drivesElsewhere(thisHolder('app'))).toBe(false);
});

it('another living process drives elsewhere, one that ended does not', () => {
  const here = thisHolder('cli');
  const parent = { ...here, pid: process.ppid, startedAt: processStart(process.ppid) ?? '' };
  expect(drivesElsewhere(parent)).toBe(true);
  expect(drivesElsewhere({ ...parent, startedAt: 'long ago' })).toBe(false);
  // The same number, given again to this process after its holder ended.
  expect(drivesElsewhere({ ...here, startedAt: 'long ago' })).toBe(false);
  expect(drivesElsewhere({ ...here, host: 'another-host' })).toBe(true);
});
