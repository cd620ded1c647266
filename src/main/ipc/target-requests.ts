import { homedir } from 'node:os';
import { operatorContext } from '../../engine/credentials/operator-context.ts';
import type { Services } from '../services.ts';
import type { HandlersOf } from './router.ts';

type TargetRequest =
  | 'targets.list'
  | 'targets.discover'
  | 'targets.add'
  | 'targets.change'
  | 'targets.remove'
  | 'targets.check';

/** Targets hold references to secrets and no secret, so the window may see all of them. */
export function targetRequests(services: Services): HandlersOf<TargetRequest> {
  const { operator: by } = services;
  const changed = (): void => {
    services.push('targets.changed', undefined);
  };
  return {
    'targets.list': () => services.store().targets.list(),
    'targets.discover': async () => {
      // What talks to clusters and object stores is loaded when it is first needed.
      const { discoverPlaces } = await import('../../engine/targets/discover.ts');
      return discoverPlaces(process.env, process.env.HOME ?? homedir());
    },
    'targets.add': (target) => {
      services.store().targets.add(target);
      changed();
    },
    'targets.change': (target) => {
      services.store().targets.change(target);
      changed();
    },
    'targets.remove': ({ name }) => {
      services.store().targets.remove(name);
      changed();
    },
    'targets.check': async ({ name, accept }) => {
      const [{ createProbes }, { checkTarget }] = await Promise.all([
        import('../../engine/targets/probes.ts'),
        import('../../engine/targets/check.ts'),
      ]);
      const probes = createProbes(operatorContext(services.vault(), process.env));
      const check = await checkTarget(services.store().targets, name, probes, { accept, by });
      changed();
      return check;
    },
  };
}
