import { example, type Rule } from '../rule.ts';
import type { Command } from '../shell.ts';

const failuresIgnored: Rule = {
  name: 'failures-ignored',
  severity: 'warning',
  reads: 'muster',
  summary: 'set +e makes a step go on after failures, to its end.',
  why: 'The step succeeds when its last command does, whatever happened before. Handle the one command that may fail, or turn set -e on again.',
  bad: example(`
### Load the rows

~~~bash {timeout=1m}
set +e
./load-rows.sh
echo "Loaded."
~~~
`),
  good: example(`
### Load the rows

~~~bash {timeout=1m}
./load-rows.sh || ./load-rows.sh --slowly
echo "Loaded."
~~~
`),
  check({ shell }, report) {
    for (const { script, place } of shell) {
      const sets = script.commands.filter(({ name }) => name === 'set');
      const off = sets.findLast(({ args }) => isOption(args, '+'));
      if (off === undefined || sets.some((on) => on.at > off.at && isOption(on.args, '-')))
        continue;
      // Who looks at $? afterwards means to handle the failure.
      if (script.commands.some(({ at, args }) => at > off.at && readsStatus(args))) continue;
      report(
        place(off.at),
        'From here on no failure stops the step.',
        'Take set +e out, and write || behind the one command that may fail.',
      );
    }
  },
};

function isOption(args: Command['args'], sign: '+' | '-'): boolean {
  const pattern = sign === '+' ? /^\+\w*e/ : /^-\w*e/;
  return args.some(
    ({ value }, i) =>
      pattern.test(value) || (value === `${sign}o` && args[i + 1]?.value === 'errexit'),
  );
}

function readsStatus(args: Command['args']): boolean {
  return args.some(({ raw }) => raw.includes('$?') || raw.includes('PIPESTATUS'));
}

const SOURCES =
  /^(?:pg_dump|pg_dumpall|mysqldump|mariadb-dump|mongodump|gunzip|zcat|gzip|pigz|zstd|zstdcat|xz|xzcat|tar|openssl|aws|gsutil|mc|rclone|kubectl|docker|ssh|cat|redis-cli|etcdctl)$/;
const SINKS =
  /^(?:psql|mysql|mariadb|mongorestore|pg_restore|gzip|pigz|zstd|xz|bzip2|tar|openssl|aws|gsutil|mc|rclone|dd|ssh|kubectl|docker)$/;

const pipeHidesFailure: Rule = {
  name: 'pipe-hides-failure',
  severity: 'warning',
  reads: 'muster',
  summary: 'In an sh fence data goes through a pipe whose first command may fail unseen.',
  why: 'sh looks at the last command of a pipe only, so a dump that broke off counts as a good one. A bash fence stops there: Muster runs it with pipefail.',
  bad: example(`
### Save the database

~~~sh {timeout=10m}
pg_dump shop | gzip >shop.sql.gz
~~~
`),
  good: example(`
### Save the database

~~~bash {timeout=10m}
pg_dump shop | gzip >shop.sql.gz
~~~
`),
  check({ shell }, report) {
    for (const { action, script, place } of shell) {
      if (action.language !== 'sh' || action.code.includes('pipefail')) continue;
      for (const [i, { name, args, at, intoPipe, fromPipe, inside }] of script.commands.entries()) {
        const next = script.commands[i + 1];
        if (!intoPipe || fromPipe || inside || next?.fromPipe !== true) continue;
        if (!SOURCES.test(name) || !SINKS.test(next.name)) continue;
        // `kubectl get -o yaml | kubectl apply -f -` and such carry no data that may break off.
        if (name === 'kubectl' && !args.some(({ value }) => value === 'exec' || value === 'cp'))
          continue;
        report(
          place(at),
          `When "${name}" fails here, the step still succeeds if "${next.name}" does.`,
          'Make it a bash fence, which Muster runs with pipefail.',
        );
      }
    }
  },
};

const psqlWithoutErrorStop: Rule = {
  name: 'psql-without-error-stop',
  severity: 'warning',
  reads: 'muster',
  summary: 'psql reads a script without ON_ERROR_STOP.',
  why: 'psql goes on after a statement that failed and ends with 0. A restore that lost a table then counts as a success.',
  bad: example(`
### Load the tables

~~~bash {timeout=10m}
psql shop -f tables.sql
~~~
`),
  good: example(`
### Load the tables

~~~bash {timeout=10m}
psql -v ON_ERROR_STOP=1 shop -f tables.sql
~~~
`),
  check({ shell }, report) {
    for (const { action, script, place } of shell) {
      if (action.code.includes('ON_ERROR_STOP')) continue;
      for (const { name, args, at, fromPipe, redirects } of script.commands) {
        if (name !== 'psql') continue;
        const file = args.some(({ value }) => /^-\w*f|^--file/.test(value));
        const input = fromPipe || redirects.some((redirect) => /^<[^<(&]|^<<-?[^<]/.test(redirect));
        if (!file && !input) continue;
        report(
          place(at),
          'After a statement that failed, psql goes on, and the step succeeds.',
          'Add -v ON_ERROR_STOP=1.',
        );
      }
    }
  },
};

const curlHidesErrors: Rule = {
  name: 'curl-hides-errors',
  severity: 'warning',
  reads: 'muster',
  summary: 'curl is called without --fail, and nothing looks at its answer.',
  why: 'Without --fail, curl ends with 0 also when the server answers 500, so the step succeeds.',
  bad: example(`
### The shop answers

~~~bash {timeout=30s}
curl -sS https://shop.example/health
~~~
`),
  good: example(`
### The shop answers

~~~bash {timeout=30s}
curl -fsS https://shop.example/health
~~~
`),
  check({ shell }, report) {
    for (const { action, script, place } of shell) {
      // An answer that is kept is looked at by a later step or command.
      if (action.interactive || action.captures.length > 0) continue;
      for (const { name, args, at, intoPipe, inside, tested, background } of script.commands) {
        if (name !== 'curl' || intoPipe || inside || tested || background) continue;
        const values = args.map(({ value }) => value);
        const looks = values.some(
          (value) =>
            /^-[A-Za-z]*f|^--fail/.test(value) ||
            /^-\w*[wKI]|^--(?:write-out|config|head|version)/.test(value),
        );
        if (looks || !values.some((value) => /^https?:|^\$|^"?\$/.test(value))) continue;
        report(
          place(at),
          'This succeeds also when the server answers with an error.',
          'Add -f (--fail), or look at the answer.',
        );
      }
    }
  },
};

export const failureRules: readonly Rule[] = [
  failuresIgnored,
  pipeHidesFailure,
  psqlWithoutErrorStop,
  curlHidesErrors,
];
