import { formatDuration } from '../../units.ts';
import { example, type Rule } from '../rule.ts';

const timeoutBeyondRto: Rule = {
  name: 'timeout-beyond-rto',
  severity: 'warning',
  reads: 'muster',
  summary: 'A step may take longer than the whole recovery of the component that it proves.',
  why: 'While the step hangs, the promise is broken before its time limit is over.',
  bad: example(`
---
runbook: 1
title: Restore the shop
owner: platform
review: 90d
objectives:
  - {component: Database, rto: 10m}
---
## Prove

### The database answers

~~~bash {timeout=30m proves=Database}
./check-database.sh
~~~
`),
  good: example(`
---
runbook: 1
title: Restore the shop
owner: platform
review: 90d
objectives:
  - {component: Database, rto: 10m}
---
## Prove

### The database answers

~~~bash {timeout=1m proves=Database}
./check-database.sh
~~~
`),
  check(subject, report) {
    const promised = new Map(
      subject.runbook.objectives.map(({ component, rtoMs }) => [component, rtoMs]),
    );
    for (const step of subject.steps) {
      const { timeoutMs } = step;
      if (timeoutMs === null) continue;
      for (const component of step.proves) {
        const rtoMs = promised.get(component) ?? null;
        if (rtoMs === null || timeoutMs <= rtoMs) continue;
        report(
          subject.placeOf(step, 'timeout'),
          `The step may take ${formatDuration(timeoutMs)}, and "${component}" is to be back within ${formatDuration(rtoMs)}.`,
          'Give the step less time, or promise what can be kept.',
        );
      }
    }
  },
};

const rpoWithoutPoint: Rule = {
  name: 'rpo-without-recovery-point',
  severity: 'warning',
  reads: 'muster',
  summary: 'An RPO is promised, and no step says of what time the recovered data is.',
  why: 'The loss of data cannot be measured without recovery-point=.',
  bad: example(`
---
runbook: 1
title: Restore the shop
owner: platform
review: 90d
objectives:
  - {component: Database, rto: 10m, rpo: 1h}
---
## Prove

### The database answers

~~~bash {timeout=1m proves=Database}
./check-database.sh
~~~
`),
  good: example(`
---
runbook: 1
title: Restore the shop
owner: platform
review: 90d
objectives:
  - {component: Database, rto: 10m, rpo: 1h}
---
## Prove

### The database answers

~~~bash {timeout=1m proves=Database capture="NEWEST=/^newest=(.+)$/" recovery-point=NEWEST}
./check-database.sh
~~~
`),
  check({ runbook, steps }, report) {
    if (steps.some(({ recoveryPoint }) => recoveryPoint !== null)) return;
    const proven = new Set(steps.flatMap(({ proves }) => proves));
    for (const { component, rpoMs, line } of runbook.objectives) {
      // That nothing proves the component at all is told by its own rule.
      if (rpoMs === null || !proven.has(component)) continue;
      report(
        { line, column: 1 },
        `No step says of what time the recovered data of "${component}" is.`,
        'Capture the time of the backup, and name it with recovery-point= at the step that proves it.',
      );
    }
  },
};

const missingOwner: Rule = {
  name: 'missing-owner',
  severity: 'warning',
  reads: 'muster',
  summary: 'Nobody owns the runbook.',
  why: 'Who finds a step wrong at night must know whom to tell.',
  bad: example(`
---
runbook: 1
title: Tidy up
review: 90d
---
## Tidy

### Tell the team
`),
  good: example(`
---
runbook: 1
title: Tidy up
owner: platform
review: 90d
---
## Tidy

### Tell the team
`),
  check({ runbook, hasInHead }, report) {
    if (runbook.owner?.trim() || hasInHead('owner')) return;
    report(
      { line: 1, column: 1 },
      'The runbook has no owner.',
      'Add owner: and the team to the front matter.',
    );
  },
};

const missingReview: Rule = {
  name: 'missing-review',
  severity: 'warning',
  reads: 'muster',
  summary: 'The runbook does not say how long a review of it stays good.',
  why: 'Systems change, and nobody is reminded to look at it again.',
  bad: example(`
---
runbook: 1
title: Tidy up
owner: platform
---
## Tidy

### Tell the team
`),
  good: example(`
---
runbook: 1
title: Tidy up
owner: platform
review: 90d
---
## Tidy

### Tell the team
`),
  check({ runbook, hasInHead }, report) {
    if (runbook.reviewDays !== null || hasInHead('review')) return;
    report(
      { line: 1, column: 1 },
      'Nothing says when the runbook is to be reviewed.',
      'Add a line such as review: 90d to the front matter.',
    );
  },
};

export const promiseRules: readonly Rule[] = [
  timeoutBeyondRto,
  rpoWithoutPoint,
  missingOwner,
  missingReview,
];
