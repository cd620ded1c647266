import { describe, expect, it } from 'vitest';
import { annotated, folder, muster, runbook, shellStep, summary } from './test/muster.ts';

describe('muster output-limits', () => {
  it('says what is kept, and what it sets holds for the next run', async () => {
    const home = folder();
    expect(JSON.parse((await muster(home, 'output-limits', '--json')).out)).toEqual({
      startBytes: 4_194_304,
      endBytes: 16_777_216,
    });
    const set = await muster(home, 'output-limits', '--start', '20', '--end', '20');
    expect(set.out).toContain('the first 20 bytes and the last 20 are kept');
    const text = annotated(shellStep('a', 'seq 100 199'));
    const { out } = await muster(home, 'run', runbook(text), '--auto', '--json');
    const { id } = summary(out);
    const report = await muster(home, 'report', id);
    expect(report.out).toContain('360 B (90 lines) were counted and not kept');
    expect(report.out).toContain('100\n101\n102\n103\n104\n');
    expect(report.out).toContain('195\n196\n197\n198\n199\n');
    expect((await muster(home, 'verify', id)).code).toBe(0);
  });

  it('refuses what is no number of bytes, and changes nothing', async () => {
    const home = folder();
    for (const wrong of ['0', '-1', 'much', '1.5']) {
      const { code, err } = await muster(home, 'output-limits', '--end', wrong);
      expect(code).toBe(2);
      expect(err).toContain('whole number of bytes');
    }
    expect((await muster(home, 'output-limits')).out).toContain('the last 16777216');
  });
});
