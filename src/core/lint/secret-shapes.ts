/** The forms of secrets that can be told from other text without guessing. */

interface Token {
  what: string;
  /** Stands in every such token; looked for first, because most lines hold none. */
  hint: string;
  pattern: RegExp;
}

export const TOKENS: readonly Token[] = [
  { what: 'an AWS access key', hint: 'AKIA', pattern: /\bAKIA[A-Z2-7]{16}\b/ },
  { what: 'a temporary AWS access key', hint: 'ASIA', pattern: /\bASIA[A-Z2-7]{16}\b/ },
  {
    what: 'an AWS secret key',
    hint: 'ecret',
    pattern:
      /\bsecret_?access_?key["']?\s{0,9}[=:]\s{0,9}["']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/i,
  },
  { what: 'a GitHub token', hint: 'gh', pattern: /\bgh[pousr]_[A-Za-z0-9]{36,251}\b/ },
  { what: 'a GitHub token', hint: 'github_pat_', pattern: /\bgithub_pat_[A-Za-z0-9_]{60,251}\b/ },
  { what: 'a GitLab token', hint: 'glpat-', pattern: /\bglpat-[A-Za-z0-9_-]{20,60}/ },
  { what: 'a Slack token', hint: 'xox', pattern: /\bxox[abeprs]-[A-Za-z0-9-]{20,250}/ },
  {
    what: 'a Slack webhook',
    hint: 'hooks.slack.com',
    pattern: /\bhooks\.slack\.com\/services\/T\w{6,12}\/B\w{6,12}\/\w{20,40}/,
  },
  { what: 'a Stripe key', hint: 'k_live_', pattern: /\b[rs]k_live_[A-Za-z0-9]{20,250}/ },
  { what: 'a Google API key', hint: 'AIza', pattern: /\bAIza[A-Za-z0-9_-]{35}/ },
  { what: 'an npm token', hint: 'npm_', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { what: 'a SendGrid key', hint: 'SG.', pattern: /\bSG\.[\w-]{22}\.[\w-]{43}/ },
  { what: 'a Vault token', hint: 'hvs.', pattern: /\bhvs\.[A-Za-z0-9_-]{24,250}/ },
  {
    what: 'a signed token (JWT)',
    hint: 'eyJ',
    pattern: /\beyJ[\w-]{15,900}\.eyJ[\w-]{15,900}\.[\w-]{20,900}/,
  },
];

export const PRIVATE_KEY = /-----BEGIN (?:[A-Z]{2,10} ){0,3}PRIVATE KEY-----/;

/** False for `AKIAIOSFODNN7EXAMPLE` and for rows of one character: examples of manuals. */
export function looksSecret(token: string): boolean {
  if (/example|sample|placeholder|your|redacted/i.test(token)) return false;
  return new Set(token.slice(-16)).size >= 6;
}

const SHELL_LIKE = new Set(['', 'bash', 'sh', 'shell', 'console', 'zsh', 'env', 'dotenv', 'ini']);
const URL_PASSWORD =
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"'`<>$]{0,60}:([^\s:/@"'`<>]{1,100})@[\w[]/i;
const KEY =
  /(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|secret[_-]?key|auth)["']?\s{0,5}[=:]\s{0,5}/gi;
const SQL_PASSWORD = /\bpassword\s{1,5}'([^'\s]{4,100})'/i;

/** Words with which people mark a place where the reader is to write something. */
const NO_VALUE =
  /^(?:your|my|some|the|change|replace|insert|example|sample|dummy|fake|test|x{3}|\.{2}|redacted|secret|password|passwd|token|placeholder|todo|none|null|nil|true|false|yes|no|string|str\b|required|optional|value|generated|hidden|env|vault|file|kubernetes|command|arn|ref|base64)|^\W+$|[<>{}$`…]|\*{3}|(.)\1{4}/i;

/** Most lines have none of these, and need no further look. */
const HINT = /pass|secret|token|key|auth|pwd|:\/\//i;

/** Offset of the first password in one line of code, or null. */
export function passwordsIn(line: string, language: string): number | null {
  if (!HINT.test(line)) return null;
  const url = line.includes('@') ? URL_PASSWORD.exec(line) : null;
  if (url !== null && isValue(url[1] ?? '') && !/^[%*]/.test(url[1] ?? '')) return url.index;
  const sql = SQL_PASSWORD.exec(line);
  if (sql !== null && isValue(sql[1] ?? '')) return sql.index;
  for (const key of line.matchAll(KEY)) {
    const value = valueAt(line, key.index + key[0].length, language);
    if (value !== null && value.length >= 6 && isValue(value)) return key.index;
  }
  return null;
}

function valueAt(line: string, at: number, language: string): string | null {
  const quote = line[at];
  if (quote === '"' || quote === "'") {
    const end = line.indexOf(quote, at + 1);
    // Text with spaces is a sentence, not a secret.
    return end < 0 || /[\s(]/.test(line.slice(at, end)) ? null : line.slice(at + 1, end);
  }
  if (!SHELL_LIKE.has(language)) return null;
  const bare = /^[A-Za-z0-9!@#%^&*_+=.,/-]{6,100}/.exec(line.slice(at, at + 120))?.[0] ?? null;
  // A path names a file; without a digit it is most likely a word about the value.
  return bare === null || /^[./]/.test(bare) || !/\d/.test(bare) ? null : bare;
}

/** `prod/shop/password` is where a store of secrets keeps one. */
const REFERENCE = /^[a-z][\w.-]*(?:\/[\w.-]+)+$/;

function isValue(text: string): boolean {
  return !NO_VALUE.test(text) && !REFERENCE.test(text);
}
