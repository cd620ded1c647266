import type { Value } from '../core/run/events.ts';
import { isAllowedFromParent } from '../core/run/variables.ts';

/** The parent's environment, filtered. */
export function baseEnvironment(
  parent: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(parent)) {
    if (value !== undefined && isAllowedFromParent(name)) kept[name] = value;
  }
  return kept;
}

/**
 * True for names that decide what program runs, so that no input, capture or answer of a runbook
 * may carry them.
 */
export function isReservedName(name: string): boolean {
  return /^(PATH|HOME|SHELL|IFS|ENV|BASH_ENV|SHELLOPTS|BASHOPTS|PS4|LD_.*|DYLD_.*|NODE_.*|ELECTRON_.*|MUSTER_.*)$/.test(
    name,
  );
}

/** Values as a shell gets them. */
export function asVariables(values: Readonly<Record<string, Value>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
