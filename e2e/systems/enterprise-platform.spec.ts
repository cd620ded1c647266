import { expect, test } from '@playwright/test';
import { openPlace, type Place, program } from './place.ts';
import { rangeServers } from './range.ts';
import { brokenCopy, runbook, summaryOf } from './runs.ts';
import { addTarget } from './targets.ts';
import { application } from './workloads.ts';

/** E7: a release that cannot start takes the API down, and is rolled back. */

const range = rangeServers();
const ROLL_BACK = 'enterprise-platform/emergency-rollback.md';
const NAME = 'anomaly-detection-api';
const BAD_IMAGE = 'docker.io/local/no-such-release:2';

test.describe('enterprise-platform', () => {
  test.skip(range === null, 'MUSTER_RANGE is not set');
  test.describe.configure({ mode: 'serial', timeout: 180_000 });

  let place: Place;

  test.beforeAll(async () => {
    test.setTimeout(120_000);
    if (range === null) return;
    place = await openPlace(range, 'enterprise');
    await place.apply(program(), ...application({ name: NAME, image: range.image, replicas: 3 }));
    // All copies change at once, so that a bad release is an outage.
    const atOnce = { spec: { strategy: { rollingUpdate: { maxUnavailable: '100%' } } } };
    await place.kubectl('patch', `deployment/${NAME}`, '-p', JSON.stringify(atOnce));
    await place.ready(`deployment/${NAME}`);
    await addTarget(place);
  });

  test.afterAll(async () => {
    await place?.close();
  });

  async function release(image: string): Promise<void> {
    await place.kubectl('set', 'image', `deployment/${NAME}`, `app=${image}`);
    await expect.poll(readyAndWanted, { timeout: 60_000 }).toBe('/3');
  }
  const readyAndWanted = () =>
    place.kubectl(
      ...['get', 'deployment', NAME, '-o'],
      'jsonpath={.status.readyReplicas}/{.spec.replicas}',
    );
  const rollBack = (file: string) =>
    place.muster(
      ...['run', file, '--mode', 'incident', '--yes', 'destructive', '--json'],
      ...['--target', 'primary=range', '--answer', 'cause=release', '--answer', 'hand-over=done'],
    );

  /** From outside: all copies run the release before, and the Service is healthy. */
  async function expectRolledBack(): Promise<void> {
    const image = 'jsonpath={.spec.template.spec.containers[0].image}';
    expect(await place.kubectl('get', 'deployment', NAME, '-o', image)).toBe(place.range.image);
    expect(await readyAndWanted()).toBe('3/3');
    const answer = await fetch(`http://${await place.address(NAME)}/health`, {
      signal: AbortSignal.timeout(10_000),
    });
    expect(answer.status).toBe(200);
  }

  test('a runbook that leaves out the rollback is caught from outside', async () => {
    await release(BAD_IMAGE);
    const step = (more: string) => `{id=undo risk=disruptive timeout=5m undo=auto${more}}`;
    const copy = brokenCopy(ROLL_BACK, place.folder, step(''), step(` if="cause == 'other'"`));
    const ended = await rollBack(copy);
    expect(ended.code).not.toBe(0);
    await expect(expectRolledBack()).rejects.toThrow();
  });

  test('E7: the release before serves again, and the time it took is measured', async () => {
    const ended = await rollBack(runbook(ROLL_BACK));
    expect(summaryOf(ended)).toMatchObject({ problem: null, outcome: 'succeeded' });
    await expectRolledBack();
    expect(summaryOf(ended).measures).toMatchObject([
      { component: 'Anomaly detection API', verdict: 'met', rtoMs: expect.any(Number) },
    ]);
  });
});
