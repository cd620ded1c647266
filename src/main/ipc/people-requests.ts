import { extname } from 'node:path';
import type { BrowserWindow } from 'electron';
import { listPeople } from '../../engine/people/registry.ts';
import { chooseBundle, chooseNewBundle } from '../dialogs.ts';
import type { Services } from '../services.ts';
import type { HandlersOf } from './router.ts';

type PeopleRequest =
  | 'people.list'
  | 'approval.request'
  | 'run.handOver'
  | 'run.chooseBundle'
  | 'run.takeOver';

/** What is done with other people: approvals by them, and runs that go to them or come from them. */
export function peopleRequests(
  services: Services,
  window: () => BrowserWindow,
): HandlersOf<PeopleRequest> {
  return {
    'people.list': () => listPeople(services.store()),
    'approval.request': ({ run, step }) => ({
      text: services.engine().requestApproval(run, step),
    }),
    'run.handOver': async ({ run, to, reason, passphrase }) => {
      const chosen = await chooseNewBundle(window(), `${run}.muster`);
      if (chosen === null) return null;
      const file = extname(chosen) === '' ? `${chosen}.muster` : chosen;
      try {
        await services.engine().handOver(run, { to, reason, file, passphrase });
      } finally {
        services.push('runs.changed', undefined);
      }
      return file;
    },
    'run.chooseBundle': () => chooseBundle(window()),
    'run.takeOver': async ({ file, passphrase, back }) => {
      const { run } = await services.engine().takeOver({ file, passphrase, back });
      services.push('runs.changed', undefined);
      return { run };
    },
  };
}
