import type { RunState } from '../../core/run/state.ts';
import type { Runbook } from '../../core/runbook/model.ts';
import type { Look } from '../../engine/live/look.ts';
import type { Services } from '../services.ts';

/** Opens a look at the target that a run has in a role. Throws MusterError. */
export type OpenLook = (given: {
  role: string;
  /** False: only whether it answers. */
  all: boolean;
  /** The run as it is at this moment. */
  run(): { state: RunState; runbook: Runbook };
  onChange(): void;
}) => Promise<Look>;

/** What talks to clusters and object stores is loaded with the first look. */
export function lookOpener(services: Services): OpenLook {
  return async ({ role, all, run, onChange }) => {
    const [{ openLook }, { openBeside }, { backupPrefix }] = await Promise.all([
      import('../../engine/live/look.ts'),
      import('../../engine/targets/bind.ts'),
      import('../../core/live/backup-prefix.ts'),
    ]);
    const store = services.store();
    const options = {
      store,
      vault: services.vault(),
      env: process.env,
      operator: services.operator,
    };
    const target = openBeside(options, run().state.created.targets ?? [], role);
    const kept = store.targets.get(target.name)?.target;
    return openLook(target, {
      all,
      hasCluster: kept?.kubernetes != null,
      hasStore: kept?.objectStore != null,
      prefix() {
        const { runbook, state } = run();
        return backupPrefix(runbook, state, role);
      },
      onChange,
    });
  };
}
