import { hostname } from 'node:os';
import type { Holder } from '../store/open.ts';
import { isSameProcess, processStart } from './processes/identity.ts';

/** This process, as a lease names it. */
export function thisHolder(surface: Holder['surface']): Holder {
  const { pid } = process;
  return { pid, startedAt: processStart(pid) ?? 'unknown', host: hostname(), surface };
}

/**
 * True while another process drives a run. A lease of this process's own that is left over, because
 * it could not be given back on a full disk, keeps nobody from the run.
 */
export function drivesElsewhere(holder: Holder): boolean {
  const isOurs = holder.host === hostname() && holder.pid === process.pid;
  return !(isOurs && isSameProcess(holder.pid, holder.startedAt)) && isAlive(holder);
}

/** True while the process that drives a run is still there. One on another host cannot be seen. */
export function isAlive(holder: Holder): boolean {
  return holder.host !== hostname() || isSameProcess(holder.pid, holder.startedAt);
}
