import { fromVerb } from '../kubectl.ts';
import { example, type Rule } from '../rule.ts';
import type { Command } from '../shell.ts';

const FULL_SCREEN = new Set(['vi', 'vim', 'nano', 'emacs', 'less', 'more', 'htop', 'k9s']);

const interactiveCommand: Rule = {
  name: 'interactive-command',
  severity: 'warning',
  reads: 'muster',
  summary: 'A command that waits for a person stands in a step that has no terminal.',
  why: 'Standard input of a step is empty: the command fails, or goes on as if somebody had pressed Enter. Mark the step as interactive, or use a form of the command that asks nothing.',
  bad: example(`
### Look into the pod

~~~bash {timeout=5m}
kubectl exec -it -n shop deploy/orders -- sh
~~~
`),
  good: example(`
### Look into the pod

~~~bash {interactive}
kubectl exec -it -n shop deploy/orders -- sh
~~~
`),
  check({ shell }, report) {
    for (const { action, script, place } of shell) {
      if (action.interactive) continue;
      for (const command of script.commands) {
        const what = waitsForPerson(command);
        if (what === null) continue;
        report(
          place(command.at),
          `${what} needs a terminal, and this step has none.`,
          'Add the attribute interactive to the step, or use a command that asks nothing.',
        );
      }
    }
  },
};

function waitsForPerson({ name, args, fromPipe, redirects }: Command): string | null {
  const values = args.map(({ value }) => value);
  if (FULL_SCREEN.has(name)) return `"${name}"`;
  if (name === 'kubectl' && fromVerb(values)[0] === 'edit') return '"kubectl edit"';
  if (name === 'crontab' && values.includes('-e')) return '"crontab -e"';
  if (name === 'kubectl' || name === 'oc' || name === 'docker' || name === 'podman') {
    const verb = fromVerb(values)[0] ?? '';
    const runs = verb === 'exec' || verb === 'run' || verb === 'attach';
    // Options of the command inside, behind `--`, are its own.
    const inside = values.indexOf('--');
    const own = inside < 0 ? values : values.slice(0, inside);
    const terminal = own.some((value) => /^-(?:it|ti|t)$|^--tty(?:=true)?$/.test(value));
    if (runs && terminal) return `"${name} ${verb}" with a terminal`;
  }
  const fed = fromPipe || redirects.some((redirect) => redirect.startsWith('<'));
  if (name === 'read' && !fed && values.some((value) => /^-\w*p/.test(value))) return '"read -p"';
  return null;
}

const endlessCommand: Rule = {
  name: 'endless-command',
  severity: 'warning',
  reads: 'muster',
  summary: 'A command follows something and never ends by itself.',
  why: 'The step can only end by its time limit, as failed, or never. Look once, wait for a condition, or run it under timeout.',
  bad: example(`
### Watch the pods

~~~bash {timeout=2m}
kubectl get pods -n shop --watch
~~~
`),
  good: example(`
### Wait for the pods

~~~bash {timeout=2m}
kubectl wait pods -n shop --all --for=condition=Ready --timeout=90s
~~~
`),
  check({ shell }, report) {
    for (const { action, script, place } of shell) {
      if (action.interactive) continue;
      for (const command of script.commands) {
        const what = neverEnds(command);
        // A reader that stops early ends what it reads from.
        if (what === null || command.background || command.intoPipe) continue;
        if (command.wrappers.includes('timeout')) continue;
        report(
          place(command.at),
          `${what} never ends by itself.`,
          'Look once, wait for a condition, or put timeout and a duration before it.',
        );
      }
    }
  },
};

function neverEnds({ name, args }: Command): string | null {
  const values = args.map(({ value }) => value);
  const has = (pattern: RegExp): boolean => values.some((value) => pattern.test(value));
  if (name === 'tail' && has(/^-\d*[fF]$|^--follow(?:=|$)/) && !has(/^--pid/)) return '"tail -f"';
  if (name === 'watch' && values.length > 0 && !has(/^-\w*g|^--chgexit|^--errexit|^-\w*e/)) {
    return '"watch"';
  }
  if (name === 'journalctl' && has(/^-\w*f$|^--follow$/)) return '"journalctl -f"';
  const logs = values.includes('logs');
  if (
    /^(?:kubectl|oc|docker|podman|docker-compose)$/.test(name) &&
    logs &&
    has(/^-f$|^--follow$/)
  ) {
    return `"${name} logs -f"`;
  }
  if (/^(?:kubectl|oc)$/.test(name) && values.includes('get') && has(/^-w$|^--watch(?:=true)?$/)) {
    return `"${name} get --watch"`;
  }
  return null;
}

export const endlessRules: readonly Rule[] = [interactiveCommand, endlessCommand];
