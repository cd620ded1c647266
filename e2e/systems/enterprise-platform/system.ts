import { expect } from '@playwright/test';
import { openPlace, type Place, program } from '../place.ts';
import type { Range } from '../range.ts';
import { addTarget } from '../targets.ts';
import { application } from '../workloads.ts';

/** The system of the guide enterprise-platform in small: one API of three copies, with its target. */
export interface EnterprisePlatform {
  place: Place;
  /** A release that cannot start: an outage, as all copies change at once. */
  releaseBadly(): Promise<void>;
  /** From outside: all copies run the release before, and the Service is healthy. */
  expectRolledBack(): Promise<void>;
  close(): Promise<void>;
}

const NAME = 'anomaly-detection-api';
const BAD_IMAGE = 'docker.io/local/no-such-release:2';

export async function startEnterprisePlatform(range: Range): Promise<EnterprisePlatform> {
  const place = await openPlace(range, 'enterprise');
  const readyAndWanted = () =>
    place.kubectl(
      ...['get', 'deployment', NAME, '-o'],
      'jsonpath={.status.readyReplicas}/{.spec.replicas}',
    );
  try {
    await place.apply(program(), ...application({ name: NAME, image: range.image, replicas: 3 }));
    const atOnce = { spec: { strategy: { rollingUpdate: { maxUnavailable: '100%' } } } };
    await place.kubectl('patch', `deployment/${NAME}`, '-p', JSON.stringify(atOnce));
    await place.ready(`deployment/${NAME}`);
    await addTarget(place);
  } catch (error) {
    await place.close();
    throw error;
  }
  return {
    place,
    async releaseBadly() {
      await place.kubectl('set', 'image', `deployment/${NAME}`, `app=${BAD_IMAGE}`);
      await expect.poll(readyAndWanted, { timeout: 60_000 }).toBe('/3');
    },
    async expectRolledBack() {
      const image = 'jsonpath={.spec.template.spec.containers[0].image}';
      expect(await place.kubectl('get', 'deployment', NAME, '-o', image)).toBe(range.image);
      expect(await readyAndWanted()).toBe('3/3');
      const answer = await fetch(`http://${await place.address(NAME)}/health`, {
        signal: AbortSignal.timeout(10_000),
      });
      expect(answer.status).toBe(200);
    },
    close: () => place.close(),
  };
}
