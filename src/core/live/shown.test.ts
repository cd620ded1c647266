import { describe, expect, it } from 'vitest';
import type { PodView, WorkloadsView } from '../kubernetes/workloads-view.ts';
import { MOST_OBJECTS, MOST_PODS, shownObjects, shownWorkloads } from './shown.ts';
import { liveViewSchema } from './view.ts';

const pod = (name: string, more: Partial<PodView> = {}): PodView => ({
  namespace: 'shop',
  name,
  reason: 'Running',
  message: null,
  ready: 1,
  containers: 1,
  restarts: 0,
  isReady: true,
  isComplete: false,
  notReadySince: null,
  createdAt: 0,
  node: null,
  workload: null,
  ...more,
});
const view = (more: Partial<WorkloadsView>): WorkloadsView => ({
  workloads: [],
  pods: [],
  events: [],
  isCut: false,
  at: 1,
  problem: null,
  ...more,
});
const same = (text: string) => text;

describe('what is shown of a namespace', () => {
  it('shows what ails first where not all can be shown, in the order of names', () => {
    const pods = Array.from({ length: 5_000 }, (_, at) => pod(`p-${String(at).padStart(4, '0')}`));
    pods[4_000] = pod('p-4000', { isReady: false, reason: 'CrashLoopBackOff' });
    const shown = shownWorkloads(view({ pods }), 'shop', same);
    expect(shown.pods).toHaveLength(MOST_PODS);
    expect(shown.morePods).toBe(5_000 - MOST_PODS);
    expect(shown.pods.at(-1)).toMatchObject({ name: 'p-4000', isWell: false });
    expect(shown.pods[0]?.name).toBe('p-0000');
  });

  it('gives each object its newest event', () => {
    const event = (message: string, at: number) => ({
      namespace: 'shop',
      object: 'pod/a',
      isWarning: true,
      reason: 'Failed',
      message,
      count: 1,
      at,
    });
    const shown = shownWorkloads(
      view({ pods: [pod('a'), pod('b')], events: [event('new', 2), event('old', 1)] }),
      'shop',
      same,
    );
    expect(shown.pods.map((one) => one.event?.message)).toEqual(['new', undefined]);
  });

  it('is small, plain and without secrets, whatever the cluster says', () => {
    const nasty = `\u001b]0;title\u0007<b>\u202E${'x'.repeat(100_000)} hunter2\n\n`;
    const shown = shownWorkloads(
      view({
        pods: Array.from({ length: 2_000 }, (_, at) =>
          pod(`p-${at}`, { isReady: false, reason: nasty, message: `hunter2 ${nasty}` }),
        ),
        problem: nasty,
      }),
      'shop',
      (text) => text.replaceAll('hunter2', '•••'),
    );
    const whole = { run: 'r', role: 'main', cluster: null, store: null, workloads: shown };
    const sent = JSON.stringify(
      liveViewSchema.parse({ ...whole, objects: null, log: null, isOver: false }),
    );
    expect(sent.length).toBeLessThan(120_000);
    expect(sent).not.toContain('hunter2');
    expect(sent).not.toMatch(/\\u001b|\u202E/);
    expect(shown.pods[0]?.reason).toMatch(/^<b>\[U\+202E\]x+…$/);
  });
});

it('shows the newest objects by what their keys say behind the prefix', () => {
  const modified = new Date(5);
  const newest = Array.from({ length: 100 }, (_, at) => ({
    key: `db/2026/orders-${at}.dump`,
    size: at,
    modified,
  }));
  const seen = { newest, more: 7, total: 12, readAt: new Date(9), problem: null };
  const shown = shownObjects({ bucket: 'backups', key: 'db/2026/orders-' }, seen, same);
  expect(shown).toMatchObject({ prefix: 's3://backups/db/2026/orders-', total: 12, at: 9 });
  expect(shown.newest[0]).toEqual({ key: 'orders-0.dump', size: 0, modified: 5 });
  expect(shown.newest).toHaveLength(MOST_OBJECTS);
  expect(shown.more).toBe(107 - MOST_OBJECTS);
});
