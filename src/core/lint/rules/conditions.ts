import { type Expression, namesIn, parseExpression } from '../../runbook/expression.ts';
import type { Place } from '../../runbook/findings.ts';
import type { Runbook } from '../../runbook/model.ts';
import { type Domain, isPossible, testsIn } from '../possible.ts';
import { example, type Report, type Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';

/** Each condition with its place and the number of steps before it. */
function conditions(
  subject: Subject,
): { expression: Expression; above: Expression | null; place: () => Place; index: number }[] {
  let index = 0;
  return subject.runbook.phases.flatMap((phase) => {
    const above = read(phase.condition);
    const own =
      above === null
        ? []
        : [
            {
              expression: above,
              above: null,
              place: () => subject.placeOfPhase(phase, 'if'),
              index,
            },
          ];
    const first = index;
    index += phase.steps.length;
    return [
      ...own,
      ...phase.steps.flatMap((step, i) => {
        const expression = read(step.condition);
        if (expression === null) return [];
        return [{ expression, above, place: () => subject.placeOf(step, 'if'), index: first + i }];
      }),
    ];
  });
}

function read(condition: string | null): Expression | null {
  const result = condition === null ? null : parseExpression(condition);
  return result?.ok === true ? result.expression : null;
}

/** Names that take one of a few values. Undefined stands for a question that is not asked. */
function domainsOf(runbook: Runbook): Map<string, Domain> {
  const domains = new Map<string, Domain>();
  for (const { name, type, choices } of runbook.inputs) {
    if (type === 'choice' && choices.length > 0) domains.set(name, choices);
    if (type === 'boolean') domains.set(name, [true, false]);
  }
  for (const step of runbook.phases.flatMap((phase) => phase.steps)) {
    if (step.action?.kind === 'ask' && step.action.choices.length > 0) {
      domains.set(step.id, [undefined, ...step.action.choices.map(({ value }) => value)]);
    }
    // What is captured under the same name may be any text.
    if (step.action?.kind === 'shell') {
      for (const { name } of step.action.captures) domains.delete(name);
    }
  }
  return domains;
}

function foreignValues(expression: Expression, domains: ReadonlyMap<string, Domain>): string[] {
  const foreign: string[] = [];
  for (const { name, values, equality } of testsIn(expression)) {
    const domain = domains.get(name);
    if (domain === undefined || !equality) continue;
    const texts = domain.map(String);
    for (const value of values) {
      if (
        !texts.includes(String(value)) &&
        !(domain.includes(true) && /^(?:true|false)$/.test(String(value)))
      ) {
        foreign.push(
          `${name} is never "${value}"; it is one of ${domain.filter((entry) => entry !== undefined).join(', ')}`,
        );
      }
    }
  }
  return foreign;
}

const unknownChoice: Rule = {
  name: 'unknown-choice',
  severity: 'warning',
  reads: 'muster',
  summary: 'A condition compares an answer or an input with a value that is none of its choices.',
  why: 'The comparison can never hold. Most often the value is misspelt.',
  bad: example(`
### Which way?

~~~ask {id=way}
question: How do you want to copy?
choices: {pieces: In pieces, whole: At once}
~~~

### Copy in pieces

~~~bash {timeout=10m if="way == 'peices'"}
./copy.sh
~~~
`),
  good: example(`
### Which way?

~~~ask {id=way}
question: How do you want to copy?
choices: {pieces: In pieces, whole: At once}
~~~

### Copy in pieces

~~~bash {timeout=10m if="way == 'pieces'"}
./copy.sh
~~~
`),
  check(subject, report) {
    const domains = domainsOf(subject.runbook);
    if (domains.size === 0) return;
    for (const { expression, place } of conditions(subject)) {
      for (const what of foreignValues(expression, domains)) {
        report(place(), `${what}.`, 'Write one of the choices, or add this one.');
      }
    }
  },
};

/** Each is tried with many values, so a text full of them is looked at in part. */
const MOST_CONDITIONS = 1000;

const unreachableStep: Rule = {
  name: 'unreachable-step',
  severity: 'warning',
  reads: 'muster',
  summary: 'No answers and values make the condition of a step, with that of its phase, true.',
  why: 'The step is skipped in every run. Somebody will look for it in the one night that it is needed.',
  bad: example(`
### Which way?

~~~ask {id=way}
question: How do you want to copy?
choices: {pieces: In pieces, whole: At once}
~~~

### Copy

~~~bash {timeout=10m if="way == 'pieces' and way == 'whole'"}
./copy.sh
~~~
`),
  good: example(`
### Which way?

~~~ask {id=way}
question: How do you want to copy?
choices: {pieces: In pieces, whole: At once}
~~~

### Copy

~~~bash {timeout=10m if="way == 'pieces' or way == 'whole'"}
./copy.sh
~~~
`),
  check(subject, report) {
    const domains = domainsOf(subject.runbook);
    for (const { expression, above, place } of conditions(subject).slice(0, MOST_CONDITIONS)) {
      const both = above === null ? [expression] : [above, expression];
      // A value that is none is told by its own rule.
      if (both.some((one) => foreignValues(one, domains).length > 0)) continue;
      if (isPossible(both, domains)) continue;
      const impossibleAbove = above !== null && !isPossible([above], domains);
      if (impossibleAbove) continue;
      report(
        place(),
        'This condition can never hold, so what it stands at is always skipped.',
        'Correct the condition, or take out what it stands at.',
      );
    }
  },
};

const readTooEarly: Rule = {
  name: 'read-too-early',
  severity: 'warning',
  reads: 'muster',
  summary: 'A condition reads a capture or an answer that comes only later.',
  why: 'Conditions are looked at when the turn of the step comes. A name without a value makes them false.',
  bad: example(`
### Copy

~~~bash {timeout=10m if="COUNT > 0"}
./copy.sh
~~~

### Count

~~~bash {timeout=1m capture=COUNT}
./count.sh
~~~

### Tell it

~~~bash {timeout=5s}
echo "$COUNT copies"
~~~
`),
  good: example(`
### Count

~~~bash {timeout=1m capture=COUNT}
./count.sh
~~~

### Copy

~~~bash {timeout=10m if="COUNT > 0"}
./copy.sh
~~~
`),
  check(subject, report: Report) {
    const firstGiven = new Map<string, number>();
    for (const { name } of subject.runbook.inputs) firstGiven.set(name, -1);
    for (const [index, { action, id }] of subject.steps.entries()) {
      const names =
        action?.kind === 'ask'
          ? [id]
          : action?.kind === 'shell'
            ? action.captures.map(({ name }) => name)
            : [];
      for (const name of names) if (!firstGiven.has(name)) firstGiven.set(name, index);
    }
    for (const { expression, place, index } of conditions(subject)) {
      for (const name of new Set(namesIn(expression).map((entry) => entry.name))) {
        if ((firstGiven.get(name) ?? -1) < index) continue;
        report(
          place(),
          `"${name}" has no value yet when this condition is looked at.`,
          'Move the step behind the one that gives the value.',
        );
      }
    }
  },
};

export const conditionRules: readonly Rule[] = [unknownChoice, unreachableStep, readTooEarly];
