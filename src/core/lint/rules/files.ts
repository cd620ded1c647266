import { example, type Rule } from '../rule.ts';
import type { ShellScript } from '../shell.ts';

const DOWNLOADS = new Set(['curl', 'wget', 'fetch']);
const INTERPRETERS = new Set(['sh', 'bash', 'zsh', 'dash', 'python', 'python3', 'perl', 'ruby']);

const pipeToShell: Rule = {
  name: 'pipe-to-shell',
  severity: 'warning',
  reads: 'any',
  summary: 'What is downloaded is run at once.',
  why: 'A download that breaks off runs half a script, and nobody knows what ran. Download to a file, check it, then run the file.',
  bad: example(`
### Install the client

~~~bash {timeout=2m}
curl -fsSL https://get.example/install.sh | sh
~~~
`),
  good: example(`
### Install the client

~~~bash {timeout=2m}
curl -fsSL -o install.sh https://get.example/install.sh
sha256sum --check install.sh.sha256
sh install.sh
~~~
`),
  check({ shell }, report) {
    for (const { script, place } of shell) {
      let loading = false;
      for (const command of script.commands) {
        const runsInput =
          INTERPRETERS.has(command.name) &&
          command.args.every(({ value }) => value.startsWith('-') && value !== '-c');
        if (command.fromPipe && loading && runsInput) {
          report(
            place(command.at),
            `"${command.name}" runs what is downloaded, before anybody could look at it.`,
            'Download to a file, compare its checksum, then run the file.',
          );
        }
        loading =
          command.intoPipe && (DOWNLOADS.has(command.name) || (command.fromPipe && loading));
      }
    }
  },
};

const BACKUPS = /backup|dump|snapshot|archive|\.sql\b|\.t?gz\b|\.tar\b|\.bak\b|\.rdb\b/i;

const newestByName: Rule = {
  name: 'newest-by-name',
  severity: 'warning',
  reads: 'any',
  summary: 'The newest backup is picked by the order of names.',
  why: 'A name says when somebody began, or nothing at all. Order by time, and check that the backup is whole before it is used.',
  bad: example(`
### Choose the backup

~~~bash {timeout=10s}
ls /var/backups/*.dump | sort | tail -n 1
~~~
`),
  good: example(`
### Choose the backup

~~~bash {timeout=10s}
ls -t /var/backups/*.dump | head -n 1
~~~
`),
  check({ shell }, report) {
    for (const { script, place, action } of shell) {
      for (const { at, end } of namePicks(script)) {
        if (!BACKUPS.test(action.code.slice(at, Math.min(end, at + 1000)))) continue;
        report(
          place(at),
          'This picks the last name, which need not be the newest backup.',
          'Order by time, such as with ls -t, and check the backup against its checksum.',
        );
      }
    }
  },
};

/** Pipelines that list names and keep the last: `ls … | [grep …] | [sort] | tail -1`. */
function namePicks({ commands }: ShellScript): { at: number; end: number }[] {
  const picks: { at: number; end: number }[] = [];
  let start: number | null = null;
  let descending = false;
  for (const { name, args, at, end, fromPipe, intoPipe } of commands) {
    const options = args.map(({ value }) => value).filter((value) => value.startsWith('-'));
    if (!fromPipe) {
      const lists = name === 'ls' && intoPipe;
      const byTime = options.some((option) => /^-\w*[tcuU]|^--(?:sort|time)/.test(option));
      start = lists && !byTime ? at : null;
      descending = options.some((option) => /^-\w*r/.test(option));
      continue;
    }
    if (start === null) continue;
    if (name === 'sort') {
      // Sorting by a key or by version may well be by time.
      if (
        options.some((option) => /^-\w*[kVtMhn]|^--(?:key|version|field|human|month)/.test(option))
      ) {
        start = null;
      }
      descending = options.some((option) => /^-\w*r|^--reverse/.test(option));
    } else if (name === (descending ? 'head' : 'tail')) {
      const one = args.map(({ value }) => value).join(' ');
      if (/^(?:-n ?1|-1|--lines[= ]1)$/.test(one)) picks.push({ at: start, end });
      start = null;
    } else if (name !== 'grep' && name !== 'egrep') start = null;
  }
  return picks;
}

const MOST_LOOKS = 200;
const LONGEST_LOOK = 50_000;

const rmUnsetVariable: Rule = {
  name: 'rm-unset-variable',
  severity: 'warning',
  reads: 'any',
  summary: 'rm -r removes a path that begins with a variable which may be empty.',
  why: 'With an empty variable the path begins at the root of the disk. Write the variable with :? so that the shell stops instead.',
  bad: example(`
### Clear the cache

~~~bash {timeout=1m risk=destructive undo=warm}
CACHE=$(./cache-folder.sh)
rm -rf "$CACHE"/*
~~~

### Warm the cache

~~~bash {id=warm timeout=5m}
./warm-cache.sh
~~~
`),
  good: example(`
### Clear the cache

~~~bash {timeout=1m risk=destructive undo=warm}
CACHE=$(./cache-folder.sh)
rm -rf "\${CACHE:?}"/*
~~~

### Warm the cache

~~~bash {id=warm timeout=5m}
./warm-cache.sh
~~~
`),
  check({ runbook, shell }, report) {
    const given = new Set(
      runbook.format === 'muster' ? runbook.inputs.map(({ name }) => name) : [],
    );
    for (const name of ['HOME', 'PWD']) given.add(name);
    // Each look at a variable reads the whole code, so they are counted.
    let looks = 0;
    for (const { step, script, action, place } of shell) {
      const code = action.code.slice(0, LONGEST_LOOK);
      for (const { name, args } of script.commands) {
        if (name !== 'rm' || !args.some(({ value }) => /^-\w*[rR]|^--recursive/.test(value)))
          continue;
        for (const { value, at } of args) {
          const variable = /^\$\{?([A-Za-z_]\w{0,99})\}?\/(?:\*|\.\*|$|[\w.-]+)/.exec(value)?.[1];
          if (variable === undefined || given.has(variable)) continue;
          looks += 1;
          if (looks > MOST_LOOKS) return;
          if (isSure(code, variable)) continue;
          report(
            place(at),
            `When $${variable} is empty, this removes files from the root of the disk.`,
            `Write \${${variable}:?}, so that the shell stops when there is no value.`,
          );
        }
      }
      if (step.action?.kind === 'shell') {
        for (const { name } of step.action.captures) given.add(name);
      }
    }
  },
};

/** Whether the code itself makes sure that the variable has a value. */
function isSure(code: string, variable: string): boolean {
  return (
    code.includes(`\${${variable}:?`) ||
    new RegExp(
      `-[ndef] "?\\$\\{?${variable}\\b|\\b${variable}=["']?(?:\\$\\(mktemp|[\\w./]+)`,
    ).test(code)
  );
}

const machinePath: Rule = {
  name: 'machine-path',
  severity: 'warning',
  reads: 'muster',
  summary: 'A command names a path that exists on one person’s machine only.',
  why: 'Who has to restore at night is somebody else, on another machine.',
  bad: example(`
### Load the settings

~~~bash {timeout=10s}
cp /Users/kim/work/settings.yaml .
~~~
`),
  good: example(`
### Load the settings

~~~bash {timeout=10s}
cp "$HOME/settings.yaml" .
~~~
`),
  check({ shell }, report) {
    for (const { script, place } of shell) {
      for (const { args, name } of script.commands) {
        if (name === 'echo' || name === 'printf') continue;
        for (const { value, at } of args) {
          const path = /^(?:\/Users\/(?!Shared\b)\w|[A-Za-z]:\\Users\\(?!Public\b)\w)/.exec(value);
          if (path === null) continue;
          report(
            place(at),
            'This path is in the folder of one person.',
            'Use a path below $HOME or beside the runbook, or make it an input.',
          );
        }
      }
    }
  },
};

export const fileRules: readonly Rule[] = [pipeToShell, newestByName, rmUnsetVariable, machinePath];
