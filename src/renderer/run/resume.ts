import { ask } from '../bridge.ts';
import { go } from '../shell/navigation.ts';
import { report } from '../shell/problems.ts';
import { withVault } from '../vault/store.ts';
import { load, refreshRuns } from './store.ts';

/** Takes up a run that nobody drives and shows it; asks for the vault first where it is locked. */
export async function resume(id: string): Promise<void> {
  try {
    await withVault(() => ask('run.resume', { run: id }));
    await load(id);
    go('run', id);
    refreshRuns();
  } catch (thrown) {
    report(thrown);
  }
}
