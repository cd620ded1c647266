import { textRules } from './reading-rules-text.ts';
import { example, type RuleDescription } from './rule.ts';

/**
 * What reading a runbook itself reports, described for the documentation. The checks stand where
 * the text is read (`core/runbook`), because an error among them keeps the runbook from running.
 */
export const readingRules: readonly RuleDescription[] = [
  {
    name: 'front-matter',
    severity: 'error',
    summary:
      'The front matter is no YAML, or a value in it is not possible. An unknown key is a warning.',
    why: 'Inputs, objectives and requirements would be missing in a run.',
    bad: example(`
---
runbook: 1
title: Example
owner: platform
review: soon
---
## Steps

### Tell the team
`),
    good: example(`
---
runbook: 1
title: Example
owner: platform
review: 90d
---
## Steps

### Tell the team
`),
  },
  {
    name: 'bad-attribute',
    severity: 'error',
    summary: 'An attribute in braces cannot be read. In a plain guide it is a warning.',
    why: 'A time limit or a risk that is not read does not hold. lint --fix writes risk=Destructive in small letters.',
    bad: example(`
### Look

~~~bash {timeout=1m retries=many}
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
    name: 'unknown-attribute',
    severity: 'warning',
    summary: 'Muster does not know an attribute.',
    why: 'Most often it is misspelt. lint --fix corrects one wrong letter where only one attribute can be meant.',
    bad: example(`
### Look {urgent}

~~~bash {timeout=1m}
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
    name: 'bad-expression',
    severity: 'error',
    summary: 'A condition cannot be read.',
    why: 'Nobody can say whether the step would run.',
    bad: example(`
### Look

~~~bash {timeout=1m if="1 < "}
date
~~~
`),
    good: example(`
### Look

~~~bash {timeout=1m if="1 < 2"}
date
~~~
`),
  },
  {
    name: 'bad-pattern',
    severity: 'error',
    summary: 'A pattern is no regular expression.',
    why: 'No value could be checked against it.',
    bad: example(`
### Which incident?

~~~ask
question: Number of the incident?
pattern: "(INC"
~~~
`),
    good: example(`
### Which incident?

~~~ask
question: Number of the incident?
pattern: "^INC-\\\\d+$"
~~~
`),
  },
  {
    name: 'bad-ask',
    severity: 'error',
    summary: 'A question has no text, or its choices cannot be read. An unknown key is a warning.',
    why: 'Nobody could answer it.',
    bad: example(`
### Which way?

~~~ask
choices: [eu, us]
~~~
`),
    good: example(`
### Which way?

~~~ask
question: Which way?
choices: [eu, us]
~~~
`),
  },
  {
    name: 'duplicate-id',
    severity: 'error',
    summary: 'Two steps have the same id. In a plain guide it is a warning.',
    why: 'What refers to the id would mean either of them.',
    bad: example(`
### Look

~~~bash {id=look timeout=1m}
date
~~~

### Look again

~~~bash {id=look timeout=1m}
date
~~~
`),
    good: example(`
### Look

~~~bash {id=look timeout=1m}
date
~~~

### Look again

~~~bash {id=look-again timeout=1m}
date
~~~
`),
  },
  {
    name: 'undefined-name',
    severity: 'error',
    summary: 'A condition, undo= or recovery-point= refers to nothing, or a step is its own undo.',
    why: 'The condition would always be false, and the undo would not be there when it is needed.',
    bad: example(`
### Promote

~~~bash {timeout=1m undo=demote}
./promote.sh
~~~
`),
    good: example(`
### Promote

~~~bash {timeout=1m undo=demote}
./promote.sh
~~~

### Demote

~~~bash {id=demote timeout=1m}
./demote.sh
~~~
`),
  },
  ...textRules,
];

/** What only the engine can look at, because it needs the files around. */
export const missingLink: RuleDescription = {
  name: 'missing-link',
  severity: 'warning',
  summary: 'A link or an image names a local file that is not there.',
  why: 'The reader looks for it in vain, most likely at night. Links with a scheme or a host are not followed.',
  bad: '### Look\n\nSee [the map](no-such-map.md).\n',
  good: '### Look\n\nSee [the map](https://wiki.example/map).\n',
};
