import { MusterError, type Problem } from '../../core/problem.ts';
import { estimatesFor } from '../../engine/estimates.ts';
import { readPublicKey } from '../../engine/keys/signing-key.ts';
import { readEvidence } from '../../engine/output.ts';
import { verifyRun } from '../../engine/record.ts';
import type { Library } from '../library/library.ts';
import type { LazyRuns } from '../runs/runs.ts';
import type { Services } from '../services.ts';
import type { HandlersOf } from './router.ts';

type RunRequest =
  | 'run.start'
  | 'run.list'
  | 'run.get'
  | 'run.ledger'
  | 'run.attempts'
  | 'run.resume'
  | 'run.heard'
  | 'run.command'
  | 'run.preview'
  | 'run.output'
  | 'run.evidence'
  | 'run.estimates'
  | 'run.verify';

export function runRequests(
  services: Services,
  library: Library,
  runs: LazyRuns,
): HandlersOf<RunRequest> {
  return {
    'run.start': async ({ path, sha256, ...request }) => {
      const opened = await library.open(path);
      if (opened.sha256 !== sha256) throw new MusterError(changed(path));
      const { feed } = runs.get();
      const run = await services.engine().start({ opened, ...request });
      feed.follow(run);
      services.push('runs.changed', undefined);
      return { run };
    },
    'run.list': () => runs.get().reader.list(),
    'run.get': async ({ run, whole }) => {
      const { reader, watch } = runs.get();
      const view = await reader.view(run, whole);
      watch.seen(run, view.state.lastSeq);
      return view;
    },
    'run.attempts': ({ run, step }) => runs.get().reader.attempts(run, step),
    'run.ledger': ({ run, after, count }) => services.store().events.page(run, after, count),
    'run.resume': async ({ run }) => {
      const { feed } = runs.get();
      await services.engine().resume(run);
      feed.follow(run);
      services.push('runs.changed', undefined);
    },
    'run.heard': ({ number }) => runs.heard(number),
    'run.command': ({ run, command }) => services.engine().command(run, command),
    'run.preview': async ({ run, step }) => {
      const found = await services.engine().preview(run, step);
      return found && { ...found, detail: cut(found.detail) };
    },
    'run.output': (of) => runs.get().reader.output(of),
    'run.evidence': ({ at, bytes, ...of }) => ({
      text: readEvidence(services.store(), of, { at, bytes }),
    }),
    'run.estimates': ({ run }) => estimatesFor(services.store(), run),
    'run.verify': ({ run }) => {
      const store = services.store();
      const { events, bad, signed } = verifyRun(store, run);
      const keyInFile = readPublicKey(store.home)?.protection === 'file';
      return { events, bad, signed, keyInFile };
    },
  };
}

/** A longer difference is cut: nobody reads all of it before they confirm, in characters. */
const LONGEST_DETAIL = 200_000;

function cut(detail: string | null): string | null {
  if (detail === null || detail.length <= LONGEST_DETAIL) return detail;
  return `${detail.slice(0, LONGEST_DETAIL)}\n(cut here: it is longer)`;
}

function changed(path: string): Problem {
  return {
    code: 'runbook-changed',
    what: `${path} was changed since it was shown here.`,
    safe: 'No run began.',
    next: 'Open it again, look at what changed, then start.',
    place: { file: path },
  };
}
