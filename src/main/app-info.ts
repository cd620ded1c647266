import { userInfo } from 'node:os';
import type { AppInfo } from '../shared/ipc.ts';

/** What the app says of itself. `open` is the runbook that it was asked to show, or null. */
export function appInfo(version: string, home: string, open: string | null): AppInfo {
  return {
    version,
    operator: operatorName(),
    home,
    platform: process.platform,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    open: open === null ? { kind: 'library' } : { kind: 'runbook', path: open },
  };
}

/** The name that the ledger gives the person at this machine. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? 'unknown';
  }
}
