import type { Value } from '../core/run/events.ts';

/**
 * What of the parent's environment a step or a terminal may see. An allowlist, because the parent
 * may hold credentials and settings of another cluster; `KUBECONFIG` and `AWS_*` stay out.
 */
const ALLOWED = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TERM',
  'COLORTERM',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SSH_AUTH_SOCK',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  // Windows needs these to start any program.
  'SystemRoot',
  'ComSpec',
  'PATHEXT',
  'APPDATA',
  'LOCALAPPDATA',
  'USERPROFILE',
]);

/** The parent's environment, filtered. */
export function baseEnvironment(
  parent: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(parent)) {
    if (value !== undefined && (ALLOWED.has(name) || name.startsWith('LC_'))) kept[name] = value;
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

/**
 * The variable that carries the answer of the question with this step id: `which-way` is
 * `WHICH_WAY`, and `2nd` is `_2ND`, because a shell takes no name that begins with a digit.
 */
export function answerName(step: string): string {
  return step
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_');
}

/** Values as a shell gets them. */
export function asVariables(values: Readonly<Record<string, Value>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
