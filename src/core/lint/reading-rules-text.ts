import { example, type RuleDescription } from './rule.ts';

/** What reading reports of the text as a whole and of what its steps promise. */
export const textRules: readonly RuleDescription[] = [
  {
    name: 'not-utf8',
    severity: 'error',
    summary: 'The file is not UTF-8.',
    why: 'A command that was read wrongly is another command. The file is shown as Windows-1252.',
    bad: 'A file that an old editor saved as Latin-1.\n',
    good: 'The same file, saved as UTF-8.\n',
    told: true,
  },
  {
    name: 'too-large',
    severity: 'error',
    summary: 'The text has more steps or blocks than are read. In a plain guide it is a warning.',
    why: 'Steps that nobody would see must not be left out of a run.',
    bad: 'A runbook with more than 20,000 phases, steps and task items.\n',
    good: 'The same steps in several runbooks.\n',
    told: true,
  },
  {
    name: 'nesting-too-deep',
    severity: 'warning',
    summary: 'Lists and quotes are nested deeper than 50.',
    why: 'What is deeper is shown as text.',
    bad: `### Look\n\n${'- '.repeat(60)}here\n`,
    good: '### Look\n\n- here\n',
  },
  {
    name: 'no-steps',
    severity: 'warning',
    summary: 'There is nothing to do in the text.',
    why: 'A run of it would have no steps.',
    bad: '# Shop\n\nThe shop sells whistles.\n',
    good: '# Shop\n\n### Ask for the price\n',
  },
  {
    name: 'bad-action',
    severity: 'error',
    summary: 'The body of a structured step cannot be read, or its attributes do not go together.',
    why: 'Nobody can say what the step would do.',
    bad: example(`
### Let the answers of DNS expire

~~~wait {id=expire timeout=1m}
fro: 30s
~~~
`),
    good: example(`
### Let the answers of DNS expire

~~~wait {id=expire timeout=1m}
for: 30s
~~~
`),
  },
  {
    name: 'kind-not-supported',
    severity: 'warning',
    summary: 'This version does not carry out steps of this kind.',
    why: 'A person does the step. Write it as bash where a machine should.',
    bad: example(`
### Tell the team

~~~pwsh {id=tell}
Send-MailMessage -To shop@example.com
~~~
`),
    good: example(`
### Tell the team

Write to the channel of the shop.
`),
  },
  {
    name: 'guessed',
    severity: 'warning',
    summary: 'An attribute that was guessed when the guide was adopted is not confirmed.',
    why: 'The action counts as unreviewed until guess= is taken out.',
    bad: example(`
### Look

~~~bash {timeout=1m guess=timeout}
date
~~~
`),
    good: example(`
### Look

~~~bash {timeout=1m}
date
~~~
`),
  },
  {
    name: 'missing-timeout',
    severity: 'warning',
    summary: 'A command has no time limit.',
    why: 'A command that hangs holds the run until somebody looks.',
    bad: example(`
### Look

~~~bash
date
~~~
`),
    good: example(`
### Look

~~~bash {timeout=10s}
date
~~~
`),
  },
  {
    name: 'destructive-without-undo',
    severity: 'warning',
    summary: 'A destructive step has no undo, and no question comes right before it.',
    why: 'Nothing stands between a slip and the loss.',
    bad: example(`
### Load the backup

~~~bash {timeout=10m risk=destructive}
./load-backup.sh
~~~
`),
    good: example(`
### Load the backup

~~~bash {timeout=10m risk=destructive undo=put-back}
./load-backup.sh
~~~

### Put the old data back

~~~bash {id=put-back timeout=10m}
./put-back.sh
~~~
`),
  },
  {
    name: 'proves-unknown',
    severity: 'warning',
    summary: 'proves= names a component without an objective.',
    why: 'Most often it is misspelt, and the recovery clock goes on.',
    bad: example(`
### The shop answers

~~~bash {timeout=10s proves=Shop}
./check-shop.sh
~~~
`),
    good: example(`
---
runbook: 1
title: Example
owner: platform
review: 90d
objectives:
  - {component: Shop, rto: 30m}
---
## Steps

### The shop answers

~~~bash {timeout=10s proves=Shop}
./check-shop.sh
~~~
`),
  },
  {
    name: 'objective-without-proof',
    severity: 'warning',
    summary: 'No step proves a component that has an objective.',
    why: 'Its time cannot be measured.',
    bad: example(`
---
runbook: 1
title: Example
owner: platform
review: 90d
objectives:
  - {component: Shop, rto: 30m}
---
## Steps

### The shop answers

~~~bash {timeout=10s}
./check-shop.sh
~~~
`),
    good: example(`
---
runbook: 1
title: Example
owner: platform
review: 90d
objectives:
  - {component: Shop, rto: 30m}
---
## Steps

### The shop answers

~~~bash {timeout=10s proves=Shop}
./check-shop.sh
~~~
`),
  },
  {
    name: 'objective-unreadable',
    severity: 'warning',
    summary: 'A cell of a plain guide’s table of RTO and RPO is no duration.',
    why: 'The objective is not measured.',
    bad: example(`
# Shop

| Component | RTO | RPO |
|---|---|---|
| Database | a while | 1 hour |

## Restore

1. Tell the team
`),
    good: example(`
# Shop

| Component | RTO | RPO |
|---|---|---|
| Database | 30 minutes | 1 hour |

## Restore

1. Tell the team
`),
  },
  {
    name: 'unclosed-fence',
    severity: 'warning',
    summary: 'A fence has no closing line.',
    why: 'All that follows is taken for code. lint --fix closes one that goes to the end of the file.',
    bad: example(`
### Look

~~~bash {timeout=10s}
date
`),
    good: example(`
### Look

~~~bash {timeout=10s}
date
~~~
`),
  },
];
