import type { Heading } from '../../runbook/blocks.ts';
import { namesIn, parseExpression } from '../../runbook/expression.ts';
import { idFix } from '../id-fix.ts';
import { example, type Fix, type Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';

/** Headings of the text itself, not those in lists and quotes. */
function headings({ blocks }: Subject): Heading[] {
  return blocks.filter((block) => block.type === 'heading');
}

const missingTitle: Rule = {
  name: 'missing-title',
  severity: 'warning',
  reads: 'muster',
  summary: 'The runbook has neither an H1 nor a title in its front matter.',
  why: 'It is then listed under the title of its first phase.',
  bad: example(`
---
runbook: 1
owner: platform
review: 90d
---
## Restore

### Tell the team
`),
  good: example(`
---
runbook: 1
owner: platform
review: 90d
---
# Restore the shop

## Restore

### Tell the team
`),
  check(subject, report) {
    if (subject.hasInHead('title')) return;
    if (headings(subject).some(({ depth }) => depth === 1)) return;
    report(
      { line: 1, column: 1 },
      'The runbook has no title.',
      'Begin the text with a heading of the first level, such as # Restore the shop.',
    );
  },
};

const headingSkipped: Rule = {
  name: 'heading-skipped',
  severity: 'warning',
  reads: 'muster',
  summary: 'A heading is two levels deeper than the one above it.',
  why: 'Phases are H2 and steps H3, so a skipped level makes a step of what was meant as part of one.',
  bad: example(`
#### Tell the team
`),
  good: example(`
### Tell the team
`),
  check(subject, report) {
    let above = 1;
    for (const { depth, line } of headings(subject)) {
      if (depth > above + 1) {
        report(
          { line, column: 1 },
          `This is a heading of level ${depth} below one of level ${above}.`,
          `Write it with ${above + 1} signs: ${'#'.repeat(above + 1)}.`,
        );
      }
      above = depth;
    }
  },
};

const emptyPhase: Rule = {
  name: 'empty-phase',
  severity: 'warning',
  reads: 'muster',
  summary: 'A phase has neither steps nor text.',
  why: 'The operator looks for what is missing there.',
  bad: example(`
### Tell the team

## After
`),
  good: example(`
### Tell the team

## After

### Write down what happened
`),
  check({ runbook }, report) {
    for (const { title, line, intro, steps } of runbook.phases) {
      if (title === '' || steps.length > 0 || intro.trim() !== '') continue;
      report({ line, column: 1 }, `The phase "${title}" is empty.`, 'Fill it, or take it out.');
    }
  },
};

const duplicateTitle: Rule = {
  name: 'duplicate-title',
  severity: 'warning',
  reads: 'muster',
  summary: 'Two steps of one phase have the same title.',
  why: 'In the outline, the report and on the phone nobody can tell them apart.',
  bad: example(`
### Check the count

~~~bash {timeout=1m}
./count-before.sh
~~~

### Check the count

~~~bash {timeout=1m}
./count-after.sh
~~~
`),
  good: example(`
### Count before

~~~bash {timeout=1m}
./count-before.sh
~~~

### Count after

~~~bash {timeout=1m}
./count-after.sh
~~~
`),
  check({ runbook }, report) {
    for (const { steps } of runbook.phases) {
      const seen = new Map<string, number>();
      for (const { title, path, line } of steps) {
        const whole = [...path, title].join(' > ').toLowerCase();
        const first = seen.get(whole);
        if (first === undefined) seen.set(whole, line);
        else {
          report(
            { line, column: 1 },
            `The step on line ${first} is called "${title}" too.`,
            'Say in each title what is different.',
          );
        }
      }
    }
  },
};

/** A step's name must be read at a glance. The reader shortens titles at 120. */
const LONGEST_TITLE = 80;

const titleTooLong: Rule = {
  name: 'title-too-long',
  severity: 'warning',
  reads: 'muster',
  summary: `The heading of a step has more than ${LONGEST_TITLE} characters.`,
  why: 'A title names the step. What explains it stands below.',
  bad: example(`
### Now please make sure that each and every one of the people in the team has been told about it
`),
  good: example(`
### Tell the team

Make sure that each and every one of them has been told about it.
`),
  check(subject, report) {
    for (const { line, title } of subject.steps) {
      if (title.length <= LONGEST_TITLE || !/^\s{0,3}#/.test(subject.line(line))) continue;
      report(
        { line, column: 1 },
        `This title has ${title.length} characters.`,
        'Name what to do in a few words, and explain it below.',
      );
    }
  },
};

const idFromTitle: Rule = {
  name: 'id-from-title',
  severity: 'warning',
  reads: 'muster',
  summary: 'A step that others refer to has no id of its own.',
  why: 'Its id is made from its title, so a better title breaks what refers to it. lint --fix writes the id.',
  bad: example(`
### Stop the writers

~~~bash {timeout=1m undo=start-the-writers}
./stop-writers.sh
~~~

### Start the writers

~~~bash {timeout=1m}
./start-writers.sh
~~~
`),
  good: example(`
### Stop the writers

~~~bash {timeout=1m undo=start-the-writers}
./stop-writers.sh
~~~

### Start the writers

~~~bash {id=start-the-writers timeout=1m}
./start-writers.sh
~~~
`),
  check(subject, report) {
    const named = new Set<string>();
    for (const { condition } of [...subject.runbook.phases, ...subject.steps]) {
      const result = condition === null ? null : parseExpression(condition);
      if (result?.ok === true) for (const { name } of namesIn(result.expression)) named.add(name);
    }
    const undone = new Set(
      subject.steps.flatMap(({ undo }) => (undo?.how === 'step' ? [undo.step] : [])),
    );
    for (const step of subject.steps) {
      const isNamed = undone.has(step.id) || (step.action?.kind === 'ask' && named.has(step.id));
      if (!isNamed) continue;
      const own = subject.attributes(step).some(({ key }) => key === 'id' || key === 'name');
      if (own) continue;
      const fix: Fix | null = idFix(subject, step);
      report(
        { line: step.action?.line ?? step.line, column: 1 },
        `"${step.id}" is made from the title, and something refers to it.`,
        `Write id=${step.id}.`,
        fix ?? undefined,
      );
    }
  },
};

export const structureRules: readonly Rule[] = [
  missingTitle,
  headingSkipped,
  emptyPhase,
  duplicateTitle,
  titleTooLong,
  idFromTitle,
];
