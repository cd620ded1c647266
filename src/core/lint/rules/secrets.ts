import { languageOf } from '../../runbook/languages.ts';
import { example, type Rule } from '../rule.ts';
import { looksSecret, PRIVATE_KEY, passwordsIn, TOKENS } from '../secret-shapes.ts';
import type { Command } from '../shell.ts';

const REFERENCE = 'Declare an input such as DB_PASSWORD: {secret: "env:DB_PASSWORD"} instead.';

/** No line that a person wrote is longer; a bound keeps each pattern cheap. */
const LONGEST_LINE = 2000;

const literalSecret: Rule = {
  name: 'literal-secret',
  severity: 'error',
  reads: 'any',
  summary: 'A key or token of a known form, or a private key, stands in the text.',
  why: 'The text of a runbook is kept with each run and shown in each report, so what stands in it can never be taken out again. Revoke the key, then refer to the new one by a secret input.',
  bad: example(`
### List the backups

~~~bash {timeout=1m}
AWS_ACCESS_KEY_ID=AKIAQ7ZWXN4LDUM3TRKV aws s3 ls s3://shop-backups/
~~~
`),
  good: example(`
### List the backups

~~~bash {timeout=1m}
aws s3 ls s3://shop-backups/
~~~
`),
  check({ lines, text }, report) {
    // Most texts hold none of the hints, so that no line has to be looked at.
    const tokens = TOKENS.filter(({ hint }) => text.includes(hint));
    if (tokens.length === 0 && !text.includes('-----BEGIN')) return;
    for (const [i, whole] of lines.entries()) {
      const line = whole.slice(0, LONGEST_LINE);
      for (const { what, pattern, hint } of tokens) {
        if (!line.includes(hint)) continue;
        const match = pattern.exec(line);
        if (match === null || !looksSecret(match[0])) continue;
        report(
          { line: i + 1, column: match.index + 1 },
          `This looks like ${what}.`,
          `Revoke it: it was readable by everybody who has this file. ${REFERENCE}`,
        );
        break;
      }
      const key = line.includes('-----BEGIN') ? PRIVATE_KEY.exec(line) : null;
      if (key !== null && /^\s*[A-Za-z0-9+/=]{40,}\s*$/.test(lines[i + 1]?.slice(0, 200) ?? '')) {
        report(
          { line: i + 1, column: key.index + 1 },
          'A private key begins here.',
          `Replace the key everywhere it is used. ${REFERENCE}`,
        );
      }
    }
  },
};

const literalPassword: Rule = {
  name: 'literal-password',
  severity: 'warning',
  reads: 'any',
  summary: 'Code gives a password, token or key as a literal value, or a URL holds one.',
  why: 'Whoever may read the runbook, its runs or its reports can use it. Values that are variables, references or evident placeholders are not reported.',
  bad: example(`
### Count the rows

~~~bash {timeout=1m}
psql postgres://shop:v3ryHidden@db.example/shop -c 'select count(*) from orders'
~~~
`),
  good: example(`
### Count the rows

~~~bash {timeout=1m}
psql service=shop -c 'select count(*) from orders'
~~~
`),
  check(subject, report) {
    subject.fences((fence) => {
      const language = languageOf(/^[^{]*/.exec(fence.info)?.[0] ?? '');
      for (const [i, code] of fence.code.entries()) {
        const at = passwordsIn(code.slice(0, LONGEST_LINE), language);
        if (at === null) continue;
        const line = fence.line + 1 + i;
        const indent = Math.max(0, subject.line(line).indexOf(code));
        report(
          { line, column: indent + at + 1 },
          'A password or token seems to stand here in plain text.',
          `Change it where it is used. ${REFERENCE}`,
        );
      }
    });
  },
};

const SECRET_OPTION =
  /^--?(?:password|passwd|pass|passphrase|token|secret|secret-key|api-key|apikey|auth-token)$/i;
const PRINTS = new Set(['echo', 'printf', 'read', 'export', '[', '[[', 'test', ':']);
const MYSQL = new Set(['mysql', 'mysqldump', 'mysqladmin', 'mariadb', 'mariadb-dump']);

const secretOnCommandLine: Rule = {
  name: 'secret-on-command-line',
  severity: 'warning',
  reads: 'muster',
  summary: 'A command gets a secret as an argument.',
  why: 'Every user of the machine can read the arguments of every process. Pass the secret in the environment, in a file or on standard input.',
  bad: example(`
---
runbook: 1
title: Check the cache
owner: platform
review: 90d
inputs:
  CACHE_PASSWORD: {secret: "env:CACHE_PASSWORD"}
requires: {tools: [redis-cli]}
---
## Check

### The cache answers

~~~bash {timeout=10s}
redis-cli -a "$CACHE_PASSWORD" ping
~~~
`),
  good: example(`
---
runbook: 1
title: Check the cache
owner: platform
review: 90d
inputs:
  CACHE_PASSWORD: {secret: "env:CACHE_PASSWORD"}
requires: {tools: [redis-cli]}
---
## Check

### The cache answers

~~~bash {timeout=10s}
REDISCLI_AUTH="$CACHE_PASSWORD" redis-cli ping
~~~
`),
  check({ shell }, report) {
    for (const { script, place } of shell) {
      for (const command of script.commands) {
        const at = secretArgument(command);
        if (at === null) continue;
        report(
          place(at),
          `Other users of the machine can read this secret in the list of processes while "${command.name}" runs.`,
          'Pass it in an environment variable that the program reads, in a file or on standard input.',
        );
      }
    }
  },
};

/** Offset of the argument that is a secret from a variable, or null. */
function secretArgument({ name, args }: Command): number | null {
  if (PRINTS.has(name)) return null;
  for (const [i, { raw, value, at }] of args.entries()) {
    // What stands in single quotes is no variable of this shell.
    const next = args[i + 1]?.raw ?? '';
    const equals = value.indexOf('=');
    if (equals > 0 && SECRET_OPTION.test(value.slice(0, equals)) && readsVariable(raw)) return at;
    if (SECRET_OPTION.test(value) && readsVariable(next)) return at;
    if (MYSQL.has(name) && /^-p./.test(value) && readsVariable(raw)) return at;
    if (name === 'redis-cli' && value === '-a' && readsVariable(next)) return at;
    if (name === 'sshpass' && /^-p/.test(value) && readsVariable(raw + next)) return at;
    if (name === 'curl' && /^(?:-u|--user)$/.test(value) && /:.*\$/.test(next)) return at;
  }
  return null;
}

function readsVariable(raw: string): boolean {
  return /\$\{?[A-Za-z_]/.test(raw) && !raw.startsWith("'");
}

export const secretRules: readonly Rule[] = [literalSecret, literalPassword, secretOnCommandLine];
