import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';

export interface Launched {
  app: ElectronApplication;
  page: Page;
  /** `MUSTER_HOME` of this app. */
  home: string;
  /** Ends the app; the home folder goes too unless it was given. */
  close(): Promise<void>;
}

/**
 * Starts the app that was built, in a home of its own. `args`: what a person would write on the
 * command line. `home`: an earlier app's, to start it again. `env`: on top of that of the tests.
 */
export async function launch(
  given: { args?: string[]; home?: string; env?: Record<string, string> } = {},
): Promise<Launched> {
  const home = given.home ?? mkdtempSync(join(tmpdir(), 'muster-e2e-'));
  const { MUSTER_ELECTRON, MUSTER_ELECTRON_ARGS } = process.env;
  const electronArgs = JSON.parse(MUSTER_ELECTRON_ARGS ?? '[]') as string[];
  const app = await _electron.launch({
    ...(MUSTER_ELECTRON ? { executablePath: MUSTER_ELECTRON } : {}),
    args: [
      ...electronArgs,
      fileURLToPath(new URL('held-start', import.meta.url)),
      ...(given.args ?? []),
    ],
    env: { ...definedEnvironment(), ...given.env, MUSTER_HOME: home },
  });
  const page = await app.firstWindow();
  await page.waitForLoadState('load');
  return {
    app,
    page,
    home,
    close: async () => {
      await app.close();
      if (given.home === undefined) {
        rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      }
    },
  };
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => !!entry[1]));
}
