import { create } from 'zustand';
import type { LiveLink, LiveView } from '../../core/live/view.ts';
import { type Problem, toProblem } from '../../core/problem.ts';
import { ask, listen } from '../bridge.ts';
import { append, blank, type Sheet } from '../run/sheet.ts';
import { announce } from '../shell/announce.ts';
import { report } from '../shell/problems.ts';

/** A target that a run has in a role. */
export interface Watched {
  run: string;
  role: string;
  name: string;
}

/** How a target's parts did when they were asked last. */
export interface Links {
  cluster: LiveLink | null;
  store: LiveLink | null;
  /** They are asked again and again now. */
  isWatched: boolean;
}

interface Live {
  /** What was seen last; null before the first answer. */
  view: LiveView | null;
  /** What is known of the connections of each target, by `linksKey`. */
  links: Readonly<Record<string, Links>>;
  /** Why nothing can be watched. */
  problem: Problem | null;
  /** The pod whose log is read, and its lines so far. */
  pod: string | null;
  log: Sheet;
  /** What stands behind them until the next answer. */
  open: string;
  /** Lines of the log that were never here. */
  missed: number;
}

const noLog = { log: blank, open: '', missed: 0 };

const empty: Omit<Live, 'links'> = { view: null, problem: null, pod: null, ...noLog };

export const useLive = create<Live>()(() => ({ ...empty, links: {} }));

export function linksKey({ run, role }: Pick<Watched, 'run' | 'role'>): string {
  return `${run} ${role}`;
}

/** What the panel and the ribbon want to see. One target is watched at a time, the panel's first. */
const wanted: { panel: Watched | null; ribbon: Watched | null } = { panel: null, ribbon: null };
/** What main was asked for last. */
let asked: { watched: Watched; all: boolean; end: () => void } | null = null;

/** The number of the next line of the log. */
let logFrom = 0;
/** Counts what was asked for, so that no answer to something else is taken. */
let wish = 0;

/** Watches all of this target until the returned function is called. */
export function watchTarget(watched: Watched): () => void {
  return want('panel', watched);
}

/** Asks now and then whether this target answers, where the panel does not watch one. */
export function watchConnection(watched: Watched): () => void {
  return want('ribbon', watched);
}

function want(who: 'panel' | 'ribbon', watched: Watched): () => void {
  wanted[who] = watched;
  queueMicrotask(settle);
  return () => {
    if (wanted[who] !== watched) return;
    wanted[who] = null;
    // What takes its place says so in the same breath.
    queueMicrotask(settle);
  };
}

function settle(): void {
  const watched = wanted.panel ?? wanted.ribbon;
  const all = wanted.panel !== null;
  const isSame =
    asked !== null &&
    watched !== null &&
    asked.all === all &&
    linksKey(asked.watched) === linksKey(watched);
  if (isSame || (asked === null && watched === null)) return;
  end();
  if (watched === null) {
    ask('live.close').catch(() => undefined);
    return;
  }
  wish += 1;
  const mine = wish;
  logFrom = 0;
  const { run, role } = watched;
  const { view } = useLive.getState();
  // What was seen before is worth showing until there is news, if it is of the same target.
  useLive.setState({ ...empty, view: view?.run === run && view.role === role ? view : null });
  asked = { watched, all, end: listen('live.changed', () => void read(mine)) };
  ask('live.open', { run, role, all }).then(
    () => read(mine),
    (thrown) => {
      if (mine === wish) useLive.setState({ problem: toProblem(thrown) });
    },
  );
}

function end(): void {
  if (asked === null) return;
  asked.end();
  setLinks(asked.watched, { isWatched: false });
  asked = null;
  wish += 1;
  useLive.setState({ pod: null, ...noLog });
}

/** Reads the log of this pod of the watched target; null closes it. */
export function readLog(pod: string | null): void {
  logFrom = 0;
  useLive.setState({ pod, ...noLog });
  ask('live.logs', { pod }).catch(report);
}

async function read(mine: number): Promise<void> {
  const from = logFrom;
  const view = await ask('live.read', { logFrom: from }).catch((thrown) => {
    report(thrown);
    return null;
  });
  if (mine !== wish || view === null || asked === null) return;
  const { cluster, store } = view;
  tellChange(asked.watched, { cluster, store, isWatched: !view.isOver });
  useLive.setState({ problem: null });
  if (!asked.all) return;
  useLive.setState({ view });
  const { log } = view;
  const { pod, log: sheet, missed } = useLive.getState();
  // An answer that was under way while another pod was chosen is of no use.
  if (log === null || log.pod !== pod || from !== logFrom) return;
  logFrom = log.next;
  useLive.setState({
    log: append(sheet, log.lines.map((line) => `${line}\n`).join('')),
    open: log.open,
    missed: missed + log.missed,
  });
}

function setLinks(watched: Watched, change: Partial<Links>): void {
  const key = linksKey(watched);
  const { links } = useLive.getState();
  const before = links[key] ?? { cluster: null, store: null, isWatched: false };
  useLive.setState({ links: { ...links, [key]: { ...before, ...change } } });
}

/** Keeps what is known last, and says once that a target went or came back. */
function tellChange(watched: Watched, { cluster, store, isWatched }: Links): void {
  const before = useLive.getState().links[linksKey(watched)];
  // A new look knows nothing yet; what the last one knew stays until it does.
  const kept = (now: LiveLink | null, was: LiveLink | null | undefined): LiveLink | null =>
    now?.at === null && was?.at != null ? { ...now, at: was.at } : now;
  const after = {
    cluster: kept(cluster, before?.cluster),
    store: kept(store, before?.store),
    isWatched,
  };
  setLinks(watched, after);
  const isAway = (links: Links | undefined): boolean =>
    [links?.cluster, links?.store].some((link) => link != null && link.problem !== null);
  if (isAway(before) !== isAway(after)) {
    announce(isAway(after) ? `${watched.name} does not answer.` : `${watched.name} answers again.`);
  }
}
