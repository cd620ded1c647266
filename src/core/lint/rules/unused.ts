import { answerVariable } from '../../run/variables.ts';
import { namesIn, parseExpression } from '../../runbook/expression.ts';
import { allSteps, type Runbook } from '../../runbook/model.ts';
import { isReadByPrograms } from '../known-values.ts';
import { ANY, lastReads } from '../reads.ts';
import { example, type Rule } from '../rule.ts';

const captureUnused: Rule = {
  name: 'capture-unused',
  severity: 'warning',
  reads: 'muster',
  summary: 'A captured value is never used.',
  why: 'A value that is not there fails the step, so a capture that nobody needs can only do harm. Often the name is misspelt where it should be read.',
  bad: example(`
### Count the rows

~~~bash {timeout=1m capture="ROWS=/(\\d+) rows/"}
psql service=shop -c 'select * from orders'
~~~
`),
  good: example(`
### Count the rows

~~~bash {timeout=1m capture="ROWS=/(\\d+) rows/"}
psql service=shop -c 'select * from orders'
~~~

### Say it

~~~bash {timeout=5s}
echo "There are $ROWS orders."
~~~
`),
  check(subject, report) {
    const reads = lastReads(subject);
    const others = reads.get(ANY) ?? -1;
    for (const { step, action, index } of subject.shell) {
      for (const { name } of action.captures) {
        if (isReadByPrograms(name) || others > index || (reads.get(name) ?? -1) > index) continue;
        report(
          subject.placeOf(step, 'capture'),
          `No later step reads ${name}.`,
          'Use it, correct its name, or take the capture out.',
        );
      }
    }
  },
};

const inputUnused: Rule = {
  name: 'input-unused',
  severity: 'warning',
  reads: 'muster',
  summary: 'An input is never used.',
  why: 'The operator is asked for something that changes nothing, and believes that it did.',
  bad: example(`
---
runbook: 1
title: Warm the cache
owner: platform
review: 90d
inputs:
  REGION: {default: eu}
requires: {tools: [redis-cli]}
---
## Warm

### Ping

~~~bash {timeout=10s}
redis-cli ping
~~~
`),
  good: example(`
---
runbook: 1
title: Warm the cache
owner: platform
review: 90d
inputs:
  REGION: {default: eu}
requires: {tools: [redis-cli]}
---
## Warm

### Ping

~~~bash {timeout=10s}
redis-cli -h "cache-$REGION" ping
~~~
`),
  check(subject, report) {
    if (subject.shell.length === 0) return;
    const reads = lastReads(subject);
    if (reads.has(ANY)) return;
    for (const { name, line } of subject.runbook.inputs) {
      if (reads.has(name) || isReadByPrograms(name)) continue;
      report(
        { line, column: subject.line(line).search(/\S|$/) + 1 },
        `Nothing reads the input ${name}.`,
        'Use it, correct its name, or take it out.',
      );
    }
  },
};

const REFUSAL = /^(?:no|not|stop|abort|cancel|wait|hold|halt|back)\b/i;

const answerUnused: Rule = {
  name: 'answer-unused',
  severity: 'warning',
  reads: 'muster',
  summary: 'A question offers to stop or to say no, and nothing depends on the answer.',
  why: 'Who answers no sees the next step all the same. Give the steps that follow a condition.',
  bad: example(`
### Is the primary gone?

~~~ask {id=gone}
question: Is the primary really gone?
choices: {gone: Yes, no: "No, stop here"}
~~~

### Fail over

~~~bash {timeout=2m}
./fail-over.sh
~~~
`),
  good: example(`
### Is the primary gone?

~~~ask {id=gone}
question: Is the primary really gone?
choices: {gone: Yes, no: "No, stop here"}
~~~

### Fail over

~~~bash {timeout=2m if="gone == 'gone'"}
./fail-over.sh
~~~
`),
  check(subject, report) {
    const reads = conditionNames(subject.runbook);
    for (const { script } of subject.shell) {
      for (const { name } of script.uses) reads.add(name);
    }
    for (const step of subject.steps) {
      if (step.action?.kind !== 'ask') continue;
      const refuses = step.action.choices.some(
        ({ value, label }) => REFUSAL.test(value) || REFUSAL.test(label),
      );
      if (!refuses || reads.has(step.id) || reads.has(answerVariable(step.id))) continue;
      report(
        { line: step.action.line, column: 1 },
        `Whatever is answered to "${step.title}", the same steps follow.`,
        `Add a condition such as if="${step.id} == '${step.action.choices[0]?.value ?? ''}'" to the steps that depend on it.`,
      );
    }
  },
};

function conditionNames(runbook: Runbook): Set<string> {
  const names = new Set<string>();
  const conditions = [...runbook.phases, ...allSteps(runbook)].map(({ condition }) => condition);
  for (const condition of conditions) {
    const result = condition === null ? null : parseExpression(condition);
    if (result?.ok === true) for (const { name } of namesIn(result.expression)) names.add(name);
  }
  return names;
}

export const unusedRules: readonly Rule[] = [captureUnused, inputUnused, answerUnused];
