import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Who a process is, beyond its number: numbers are used again, a number with its start is not.
 * Linux: boot id and start in clock ticks since boot. macOS: the start as `ps` prints it.
 */
export function processStart(pid: number): string | null {
  if (process.platform === 'linux') {
    try {
      return linuxStart(readFileSync(`/proc/${pid}/stat`, 'latin1'), bootId());
    } catch {
      return null;
    }
  }
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH ?? '/bin:/usr/bin', LC_ALL: 'C' },
    }).trim();
    const [state = '', ...start] = line.split(/\s+/);
    return state.startsWith('Z') || start.length === 0 ? null : start.join(' ');
  } catch {
    return null;
  }
}

/** True when the process with this number is still the one that began at `start`. */
export function isSameProcess(pid: number, start: string): boolean {
  return processStart(pid) === start;
}

/** True while any process is left in the group. One that ended and was not collected is not. */
export function isGroupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch (error) {
    // EPERM: it exists, and changed its user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return process.platform === 'linux' ? hasLivingMember(group) : true;
}

/** Where the first process of the system collects late or never, dead members keep a group in being. */
function hasLivingMember(group: number): boolean {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const [state, , member] = fieldsOf(readFileSync(`/proc/${entry}/stat`, 'latin1'));
      if (Number(member) === group && state !== 'Z' && state !== 'X') return true;
    } catch {
      // Gone between the two looks.
    }
  }
  return false;
}

/** The start of the process that a line of `/proc/PID/stat` describes, or null for a dead one. */
export function linuxStart(stat: string, boot: string): string | null {
  const fields = fieldsOf(stat);
  const [state] = fields;
  const ticks = fields[19];
  if (state === undefined || ticks === undefined || state === 'Z' || state === 'X') return null;
  return `${boot}:${ticks}`;
}

/**
 * The fields of a line of `/proc/PID/stat` from the third on (state, parent, group, …; the start is
 * field 22 of the line). The name in the second may hold blanks and brackets, so reading begins
 * after the last closing bracket.
 */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

let boot: string | null = null;
/** Linux: another one after each start of the system. Numbers of processes begin anew with it. */
export function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  return boot;
}
