import { fromVerb } from '../kubectl.ts';
import { example, type Rule } from '../rule.ts';
import type { Command } from '../shell.ts';

/** What a command does that is not safe, by words that leave no doubt. */
function harm({ name, args, redirects }: Command): 'disruptive' | 'destructive' | null {
  const words = args.map(({ value }) => value);
  if (words.some((value) => /^--dry-run(?!=none)|^--help$|^-h$|^--check$/.test(value))) return null;
  const has = (...verbs: string[]): boolean => verbs.some((verb) => words.includes(verb));
  switch (name) {
    case 'kubectl':
    case 'oc':
      return harmOfVerb(fromVerb(words));
    case 'helm':
      if (has('uninstall', 'delete')) return 'destructive';
      return has('rollback', 'upgrade') ? 'disruptive' : null;
    case 'terraform':
      if (has('destroy')) return 'destructive';
      return has('apply') ? 'disruptive' : null;
    case 'aws':
      return words[0] === 's3' &&
        (has('rb') || (has('rm', 'sync', 'mv') && has('--recursive', '--delete')))
        ? 'destructive'
        : null;
    case 'psql':
    case 'mysql':
    case 'mariadb':
      return words.some((value) => /\b(?:drop\s+(?:table|database|schema)|truncate)\b/i.test(value))
        ? 'destructive'
        : null;
    case 'redis-cli':
      return words.some((value) => /^flush(?:all|db)$/i.test(value)) ? 'destructive' : null;
    case 'systemctl':
      return has('stop', 'restart', 'kill', 'disable') ? 'disruptive' : null;
    case 'dd':
      return words.some((value) => value.startsWith('of=/dev/') && value !== 'of=/dev/null')
        ? 'destructive'
        : null;
    case 'pg_restore':
      return words.some((value) => /^-\w*c|^--clean/.test(value)) ? 'destructive' : null;
    case 'dropdb':
    case 'shred':
    case 'wipefs':
      return 'destructive';
    case 'reboot':
    case 'shutdown':
    case 'poweroff':
      return redirects.length === 0 ? 'disruptive' : null;
    default:
      return name.startsWith('mkfs') ? 'destructive' : null;
  }
}

function harmOfVerb([verb = '', object = '']: readonly string[]): ReturnType<typeof harm> {
  if (verb === 'delete') return 'destructive';
  if (verb === 'rollout' && (object === 'restart' || object === 'undo')) return 'disruptive';
  return ['scale', 'drain', 'cordon', 'taint'].includes(verb) ? 'disruptive' : null;
}

const riskUnderstated: Rule = {
  name: 'risk-understated',
  severity: 'warning',
  reads: 'muster',
  summary: 'A step counts as safe, and its commands stop, replace or remove something.',
  why: 'Auto mode runs safe steps without asking. Only commands that leave no doubt are looked at.',
  bad: example(`
### Make room

~~~bash {timeout=1m}
kubectl delete job/report -n shop
~~~
`),
  good: example(`
### Is the report still needed?

~~~ask {id=needed}
question: Is the report still needed?
choices: {keep: It is, remove: It is not}
~~~

### Make room

~~~bash {timeout=1m risk=destructive if="needed == 'remove'"}
kubectl delete job/report -n shop
~~~
`),
  check(subject, report) {
    for (const { step, script, place } of subject.shell) {
      if (step.risk !== 'safe') continue;
      const found = script.commands.find((command) => harm(command) !== null);
      const what = found === undefined ? null : harm(found);
      if (found === undefined || what === null) continue;
      report(
        place(found.at),
        what === 'destructive'
          ? `"${found.name}" removes something here, and the step counts as safe.`
          : `"${found.name}" interrupts something here, and the step counts as safe.`,
        `Write risk=${what}.`,
      );
    }
  },
};

const retriesOnDestructive: Rule = {
  name: 'retries-on-destructive',
  severity: 'warning',
  reads: 'muster',
  summary: 'A destructive step is run again by itself after it failed.',
  why: 'It failed half way, and nobody has looked at what is left. Let a person decide whether to try again.',
  bad: example(`
### Are you sure?

~~~ask {id=sure}
question: Load the backup over the database?
choices: [load, keep]
~~~

### Load the backup

~~~bash {timeout=20m risk=destructive retries=2 if="sure == 'load'"}
./load-backup.sh
~~~
`),
  good: example(`
### Are you sure?

~~~ask {id=sure}
question: Load the backup over the database?
choices: [load, keep]
~~~

### Load the backup

~~~bash {timeout=20m risk=destructive if="sure == 'load'"}
./load-backup.sh
~~~
`),
  check(subject, report) {
    for (const step of subject.steps) {
      if (step.risk !== 'destructive' || step.retries === 0) continue;
      report(
        subject.placeOf(step, 'retries'),
        `"${step.title}" destroys something, and is run again without anybody looking.`,
        'Take retries out, or retry inside the command where that is safe.',
      );
    }
  },
};

const undoWithoutEffect: Rule = {
  name: 'undo-without-effect',
  severity: 'warning',
  reads: 'muster',
  summary: 'undo= names a question.',
  why: 'A question reverses nothing. Name the step that does the work.',
  bad: example(`
### Stop the writers

~~~bash {timeout=1m undo=again}
./stop-writers.sh
~~~

### Start again?

~~~ask {id=again}
question: Which way do you want to start?
choices: [slow, fast]
~~~
`),
  good: example(`
### Stop the writers

~~~bash {timeout=1m undo=again}
./stop-writers.sh
~~~

### Start again

~~~bash {id=again timeout=1m}
./start-writers.sh
~~~
`),
  check(subject, report) {
    const asks = new Set(
      subject.steps.filter(({ action }) => action?.kind === 'ask').map(({ id }) => id),
    );
    for (const step of subject.steps) {
      if (step.undo?.how !== 'step' || !asks.has(step.undo.step)) continue;
      report(
        subject.placeOf(step, 'undo'),
        `"${step.undo.step}" is a question, which reverses nothing.`,
        'Write the id of the step that reverses this one.',
      );
    }
  },
};

export const riskRules: readonly Rule[] = [
  riskUnderstated,
  retriesOnDestructive,
  undoWithoutEffect,
];
