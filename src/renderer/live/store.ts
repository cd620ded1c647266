import { create } from 'zustand';
import type { LiveView } from '../../core/live/view.ts';
import { type Problem, toProblem } from '../../core/problem.ts';
import { ask, listen } from '../bridge.ts';
import { append, blank, type Sheet } from '../run/sheet.ts';
import { report } from '../shell/problems.ts';

interface Live {
  /** What was seen last; null before the first answer. */
  view: LiveView | null;
  /** Why nothing can be watched. */
  problem: Problem | null;
  /** The pod whose log is read, and its lines so far. */
  pod: string | null;
  log: Sheet;
  /** Lines of the log that were never here. */
  missed: number;
}

const empty: Live = { view: null, problem: null, pod: null, log: blank, missed: 0 };

export const useLive = create<Live>()(() => empty);

/** The number of the next line of the log. */
let logFrom = 0;
/** Counts what was asked for, so that no answer to something else is taken. */
let wish = 0;

/** Watches this target until the returned function is called. */
export function watchTarget(run: string, role: string): () => void {
  wish += 1;
  const mine = wish;
  logFrom = 0;
  const { view } = useLive.getState();
  // What was seen before is worth showing until there is news, if it is of the same target.
  useLive.setState({ ...empty, view: view?.run === run && view.role === role ? view : null });
  const end = listen('live.changed', () => void read(mine));
  ask('live.open', { run, role }).then(
    () => read(mine),
    (thrown) => {
      if (mine === wish) useLive.setState({ problem: toProblem(thrown) });
    },
  );
  return () => {
    end();
    useLive.setState({ pod: null, log: blank, missed: 0 });
    if (mine !== wish) return;
    wish += 1;
    ask('live.close').catch(() => undefined);
  };
}

/** Reads the log of this pod of the watched target; null closes it. */
export function readLog(pod: string | null): void {
  logFrom = 0;
  useLive.setState({ pod, log: blank, missed: 0 });
  ask('live.logs', { pod }).catch(report);
}

async function read(mine: number): Promise<void> {
  const from = logFrom;
  const view = await ask('live.read', { logFrom: from }).catch((thrown) => {
    report(thrown);
    return null;
  });
  if (mine !== wish || view === null) return;
  useLive.setState({ view, problem: null });
  const { log } = view;
  const { pod, log: sheet, missed } = useLive.getState();
  // An answer that was under way while another pod was chosen is of no use.
  if (log === null || log.pod !== pod || from !== logFrom) return;
  logFrom = log.next;
  if (log.lines.length === 0) return;
  useLive.setState({
    log: append(sheet, `${log.lines.join('\n')}\n`),
    missed: missed + log.missed,
  });
}
