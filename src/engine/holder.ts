import { hostname } from 'node:os';
import type { Holder } from '../store/open.ts';
import { isSameProcess, processStart } from './processes/identity.ts';

/** This process, as a lease names it. */
export function thisHolder(surface: Holder['surface']): Holder {
  const { pid } = process;
  return { pid, startedAt: processStart(pid) ?? 'unknown', host: hostname(), surface };
}

/** True while the process that drives a run is still there. One on another host cannot be seen. */
export function isAlive(holder: Holder): boolean {
  return holder.host !== hostname() || isSameProcess(holder.pid, holder.startedAt);
}
