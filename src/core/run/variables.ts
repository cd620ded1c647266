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

export function isAllowedFromParent(name: string): boolean {
  return ALLOWED.has(name) || name.startsWith('LC_');
}

/**
 * The variable that carries the answer of the question with this step id: `which-way` is
 * `WHICH_WAY`, and `2nd` is `_2ND`, because a shell takes no name that begins with a digit.
 */
export function answerVariable(step: string): string {
  return step
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_');
}
