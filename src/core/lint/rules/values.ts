import { answerVariable } from '../../run/variables.ts';
import type { Step } from '../../runbook/model.ts';
import { isFromEnvironment, isReadByPrograms } from '../known-values.ts';
import { example, type Rule } from '../rule.ts';

const undefinedVariable: Rule = {
  name: 'undefined-variable',
  severity: 'warning',
  reads: 'muster',
  summary: 'A command reads a variable that nothing gives a value.',
  why: 'Only inputs, answers, captures of earlier steps and a few variables of your environment reach a command. An unknown name is an empty text. Where that is meant, give it a default with :- in the shell.',
  bad: example(`
### Load the backup

~~~bash {timeout=5m}
./load-backup.sh "$BACKUP_FILE"
~~~
`),
  good: example(`
### Find the backup

~~~bash {timeout=1m capture=BACKUP_FILE}
./newest-backup.sh
~~~

### Load the backup

~~~bash {timeout=5m}
./load-backup.sh "$BACKUP_FILE"
~~~
`),
  check({ runbook, steps, shell }, report) {
    // A range gives variables of its own, which only the engine knows.
    if (runbook.requires.range !== null) return;
    const known = new Set(runbook.inputs.map(({ name }) => name));
    const given = new Set(known);
    for (const step of steps) for (const name of givenBy(step)) given.add(name);
    let next = 0;
    for (const { index, script, place } of shell) {
      for (; next < index; next += 1) {
        const before = steps[next];
        for (const name of before ? givenBy(before) : []) known.add(name);
      }
      if (!script.reliesOnOthers) {
        const told = new Set<string>();
        for (const { name, at, guarded } of script.uses) {
          if (guarded || known.has(name) || script.assigned.has(name) || told.has(name)) continue;
          if (isFromEnvironment(name)) continue;
          // A target brings its connection along.
          if (runbook.requires.target && isReadByPrograms(name)) continue;
          told.add(name);
          report(
            place(at),
            given.has(name)
              ? `$${name} gets its value only in this step or after it.`
              : `Nothing gives $${name} a value, so it is empty here.`,
            'Add an input or a capture of this name before this step, or give it a default in the shell with :- where it may be empty.',
          );
        }
      }
    }
  },
};

const shadowedInput: Rule = {
  name: 'shadowed-input',
  severity: 'warning',
  reads: 'muster',
  summary: 'A capture or a question has the name of an input.',
  why: 'From there on the value that the operator gave is hidden, and the record shows two values under one name.',
  bad: example(`
---
runbook: 1
title: Greet
owner: platform
review: 90d
inputs:
  NAME: {default: shop}
---
## Greet

### Ask the host

~~~bash {timeout=5s capture=NAME}
hostname
~~~

### Greet

~~~bash {timeout=5s}
echo "Hello $NAME"
~~~
`),
  good: example(`
---
runbook: 1
title: Greet
owner: platform
review: 90d
inputs:
  NAME: {default: shop}
---
## Greet

### Ask the host

~~~bash {timeout=5s capture=HOST}
hostname
~~~

### Greet

~~~bash {timeout=5s}
echo "Hello $NAME on $HOST"
~~~
`),
  check(subject, report) {
    const inputs = new Set(subject.runbook.inputs.map(({ name }) => name));
    if (inputs.size === 0) return;
    for (const step of subject.steps) {
      for (const name of givenBy(step)) {
        if (!inputs.has(name)) continue;
        report(
          subject.placeOf(step, step.action?.kind === 'ask' ? 'id' : 'capture'),
          `After this step ${name} no longer has the value of the input.`,
          'Give the capture or the question another name.',
        );
      }
    }
  },
};

const PLACEHOLDER =
  /<[A-Z][A-Z0-9]{1,40}(?:[-_][A-Z0-9]{1,40}){0,8}>|<(?:your|the|my|insert|replace)[-_ ][a-z-_ ]{1,40}>|\b(?:CHANGE_?ME|REPLACE_?ME|FIXME|TODO)\b/;

const placeholderLeft: Rule = {
  name: 'placeholder-left',
  severity: 'warning',
  reads: 'muster',
  summary: 'A placeholder in angle brackets, or a word such as CHANGEME, is left in a command.',
  why: 'The shell takes < as a redirection. Declare an input, and write "$BACKUP" where it is used.',
  bad: example(`
### Load the backup

~~~bash {timeout=5m}
./load-backup.sh --file <BACKUP>
~~~
`),
  good: example(`
---
runbook: 1
title: Load a backup
owner: platform
review: 90d
inputs:
  BACKUP: {help: Name of the file}
---
## Load

### Load the backup

~~~bash {timeout=5m}
./load-backup.sh --file "$BACKUP"
~~~
`),
  check({ shell }, report) {
    for (const { action, place } of shell) {
      let at = 0;
      for (const line of action.code.split('\n')) {
        const match = PLACEHOLDER.exec(line.slice(0, 2000));
        // In a comment, or in XML, it is text.
        const isText = match !== null && (/^\s*#/.test(line) || line.includes('</'));
        if (match !== null && !isText) {
          report(
            place(at + match.index),
            `"${match[0]}" was meant to be replaced.`,
            'Declare an input and write its name as a variable in quotes.',
          );
        }
        at += line.length + 1;
      }
    }
  },
};

export const valueRules: readonly Rule[] = [undefinedVariable, shadowedInput, placeholderLeft];

/** The names that a step's success gives a value. */
function givenBy({ id, action }: Step): string[] {
  if (action?.kind === 'ask') return [answerVariable(id)];
  return action !== null && 'captures' in action ? action.captures.map(({ name }) => name) : [];
}
