import { Argument, Command, CommanderError, Option } from 'commander';
import { version } from '../../package.json';
import { toProblem } from '../core/problem.ts';
import { runbookKindSchema } from '../core/runbook/model.ts';
import { exitCodes } from './exit-codes.ts';
import { addTargetCommands } from './target-commands.ts';
import { addVaultCommands } from './vault-commands.ts';
import { describeProblem } from './words.ts';

/** `muster`: the same engine as the app's, without a window. Each command is loaded when it is called. */
const program = new Command('muster')
  .description('Runbooks that run: restores, failovers and maintenance, with a record.')
  .version(version)
  .exitOverride()
  .showHelpAfterError();

const collect = (value: string, before: string[]): string[] => [...before, value];

program
  .command('show')
  .description('show what Muster reads in a Markdown file; changes nothing')
  .argument('<file>', 'a .md file')
  .option('--json', 'as JSON')
  .action(async (file: string, options: { json?: true }) => {
    const { show } = await import('./show.ts');
    process.exitCode = await show(file, options);
  });

program
  .command('lint')
  .description('say what is wrong in runbooks, or could be better')
  .argument('<path...>', '.md files, and folders that hold some')
  .option('--json', 'as JSON')
  .option('--sarif', 'as SARIF 2.1.0, for code review')
  .option('--fix', 'put right what is safe to put right; the other bytes stay as they are')
  .option('--strict', 'exit code 1 for warnings too')
  .option('--rule <name>', 'only this rule (repeatable)', collect, [])
  .action(async (paths: string[], options: import('./lint.ts').LintCommandOptions) => {
    const { lint } = await import('./lint.ts');
    process.exitCode = await lint(paths, options);
  });

program
  .command('adopt')
  .description('write an annotated copy of a plain guide as a new file, after showing what differs')
  .argument('<file>', 'a .md file; it is never changed')
  .option('--out <file>', 'the new file (default: FILE.runbook.md beside it)')
  .option('--yes', 'write it without asking')
  .action(async (file: string, options: import('./adopt.ts').AdoptOptions) => {
    const { adopt } = await import('./adopt.ts');
    process.exitCode = await adopt(file, options);
  });

program
  .command('new')
  .description('write a runbook to begin with, as a new file')
  .addArgument(new Argument('<kind>', 'what it is for').choices(runbookKindSchema.options))
  .option('--out <file>', 'the new file (default: KIND.md)')
  .action(async (kind: string, options: { out?: string }) => {
    const { newRunbook } = await import('./new.ts');
    process.exitCode = await newRunbook(kind, options);
  });

program
  .command('run')
  .description('run a runbook')
  .argument('<file>', 'a .md file')
  .option('--input <name=value>', 'an input of the runbook (repeatable)', collect, [])
  .addOption(
    new Option('--mode <mode>', 'what kind of run this is')
      .choices(['rehearsal', 'drill', 'incident', 'maintenance'])
      .default('drill'),
  )
  .option('--target <role=name>', 'the target of a role of the runbook (repeatable)', collect, [])
  .option('--from <step>', 'leave out the steps before this one')
  .option('--only <step>', 'leave out all steps but this one (repeatable)', collect, [])
  .option('--auto', 'carry on without asking, up to the risk of --yes (default: safe)')
  .option(
    '--answer <step=value>',
    'the answer to a question or a step by hand (repeatable)',
    collect,
    [],
  )
  .addOption(
    new Option('--yes <risk>', 'run steps up to this risk without asking').choices([
      'safe',
      'disruptive',
      'destructive',
    ]),
  )
  .option('--json', 'one event a line, and the summary as the last line')
  .action(async (file: string, options: import('./run.ts').RunOptions) => {
    const { run } = await import('./run.ts');
    process.exitCode = await run(file, options);
  });

program
  .command('resume')
  .description('go on with a run that nobody drives')
  .argument('<run>', 'the id of a run')
  .option('--auto', 'carry on without asking, up to the risk of --yes (default: safe)')
  .option(
    '--answer <step=value>',
    'the answer to a question or a step by hand (repeatable)',
    collect,
    [],
  )
  .addOption(
    new Option('--yes <risk>', 'run steps up to this risk without asking').choices([
      'safe',
      'disruptive',
      'destructive',
    ]),
  )
  .addOption(
    new Option(
      '--resolve <step=what>',
      'what became of a step whose end is unknown (succeeded, failed, retry), or what to do with one that failed (retry, skip); repeatable',
    )
      .argParser(collect)
      .default([]),
  )
  .option('--approval <file>', 'a signed approval for a step that waits (repeatable)', collect, [])
  .option('--reason <text>', 'why, for --resolve', 'Decided on the command line.')
  .option('--json', 'one event a line, and the summary as the last line')
  .action(async (id: string, options: import('./run.ts').ResumeOptions) => {
    const { resume } = await import('./run.ts');
    process.exitCode = await resume(id, options);
  });

program
  .command('abort')
  .description('end a run, and take back what it did where the runbook says how')
  .argument('<run>', 'the id of a run that nobody drives')
  .requiredOption('--reason <text>', 'why; it goes into the record')
  .option('--undo', 'first take back what was done, newest first')
  .addOption(
    new Option('--yes <risk>', 'take back by itself what has up to this risk').choices([
      'safe',
      'disruptive',
      'destructive',
    ]),
  )
  .option('--json', 'one event a line, and the summary as the last line')
  .action(async (id: string, options: import('./run.ts').AbortOptions) => {
    const { abort } = await import('./run.ts');
    process.exitCode = await abort(id, options);
  });

program
  .command('practice')
  .description('run the restore drill on the embedded practice range')
  .option('--json', 'one event a line, and the summary as the last line')
  .action(async (options: { json?: true }) => {
    const { practice } = await import('./run.ts');
    process.exitCode = await practice(options);
  });

program
  .command('runs')
  .description('list the runs on record, newest first')
  .option('--json', 'as JSON')
  .action(async (options: { json?: true }) => {
    const { runs } = await import('./runs.ts');
    process.exitCode = await runs(options);
  });

program
  .command('report')
  .description('print the report of a run')
  .argument('<run>', 'the id of a run')
  .addOption(
    new Option('--format <format>', 'of the report; jsonl is the ledger itself')
      .choices(['html', 'md', 'json', 'jsonl'])
      .default('md'),
  )
  .action(async (id: string, options: { format: 'html' | 'md' | 'json' | 'jsonl' }) => {
    const { report } = await import('./report.ts');
    process.exitCode = await report(id, options.format);
  });

program
  .command('verify')
  .description("recompute a run's record: hash chain, outputs and signatures")
  .argument('<run>', 'the id of a run')
  .option('--json', 'as JSON')
  .action(async (id: string, options: { json?: true }) => {
    const { verify } = await import('./verify.ts');
    process.exitCode = await verify(id, options);
  });

program
  .command('output-limits')
  .description('show or set how much of a long output is kept, for attempts that begin from now on')
  .option('--start <bytes>', 'of its start')
  .option('--end <bytes>', 'of its end')
  .option('--json', 'as JSON')
  .action(async (options: { start?: string; end?: string; json?: true }) => {
    const { outputLimits } = await import('./output-limits.ts');
    process.exitCode = await outputLimits(options);
  });

program
  .command('key')
  .description('print the public key that signs the records of runs here')
  .option('--json', 'as JSON')
  .action(async (options: { json?: true }) => {
    const { key } = await import('./key.ts');
    process.exitCode = await key(options);
  });

program
  .command('review')
  .description('show how the review of a runbook stands and what changed since, or approve it')
  .argument(
    '[paths...]',
    'a .md file; with --due files and folders (default: those of the library)',
  )
  .option('--approve', 'approve the text as it is now, in your name')
  .option('--comment <text>', 'what was checked, for --approve')
  .option('--due', 'list what was never reviewed, changed since, or is overdue')
  .option('--verify', 'recompute the hash chain of all reviews')
  .option('--json', 'as JSON')
  .action(async (paths: string[], options: import('./review.ts').ReviewOptions) => {
    const { review } = await import('./review.ts');
    process.exitCode = await review(paths, options);
  });

program
  .command('export')
  .description('write runbooks as one HTML file that needs nothing else (PDF: in the app)')
  .argument('<paths...>', '.md files and folders')
  .requiredOption('--out <file>', 'the .html file to write')
  .action(async (paths: string[], options: { out: string }) => {
    const { exportFiles } = await import('./export.ts');
    process.exitCode = await exportFiles(paths, options);
  });

addTargetCommands(program);
addVaultCommands(program);
const people = program.command('people').description('who may approve steps on this machine');

people
  .command('list')
  .description('list them, with how each may approve')
  .option('--json', 'as JSON')
  .action(async (options: { json?: true }) => {
    const { list } = await import('./people.ts');
    process.exitCode = await list(options);
  });

people
  .command('add')
  .description('add a colleague')
  .argument('<name>', 'by which the record names them')
  .option('--key <file>', 'their public key, as "muster approve --key" printed it (- for stdin)')
  .action(async (name: string, options: { key?: string }) => {
    const { add } = await import('./people.ts');
    process.exitCode = await add(name, options);
  });

people
  .command('remove')
  .description('take a colleague off the list; approvals on record stay')
  .argument('<name>', 'of the colleague')
  .action(async (name: string) => {
    const { remove } = await import('./people.ts');
    process.exitCode = await remove(name);
  });

people
  .command('pin')
  .description('let a colleague set their PIN, typed twice')
  .argument('<name>', 'of the colleague')
  .option('--pin-file <file>', 'take the new PIN from the first line of a file (- for stdin)')
  .option('--old-pin-file <file>', 'take the PIN until now from the first line of a file')
  .action(async (name: string, options: { pinFile?: string; oldPinFile?: string }) => {
    const { pin } = await import('./people.ts');
    process.exitCode = await pin(name, options);
  });

program
  .command('approve')
  .description('approve a step of a colleague from their request file, by a signed file')
  .argument('[file]', 'the request (- for stdin)')
  .option('--key', 'print your own public key, to give to colleagues')
  .option('--as <name>', 'the name by which your colleague knows you (default: your account)')
  .option('--out <file>', 'the approval to write (default: FILE.approval.txt)')
  .option('--yes', 'sign without asking; what is signed is shown all the same')
  .option('--passphrase-file <file>', 'take the passphrase from the first line of a file')
  .action(
    async (
      file: string | undefined,
      options: import('./approve.ts').ApproveOptions & { key?: true },
    ) => {
      const { approve, showKey } = await import('./approve.ts');
      if (options.key) process.exitCode = await showKey(options);
      else if (file !== undefined) process.exitCode = await approve(file, options);
      else {
        process.stderr.write('Name a request file, or use --key.\n');
        process.exitCode = exitCodes.refused;
      }
    },
  );

program
  .command('request')
  .description('write what a colleague has to sign to approve a step')
  .argument('<run>', 'the id of a run')
  .argument('<step>', 'the step that waits for an approval')
  .option('--out <file>', 'a new file (default: standard output)')
  .action(async (run: string, step: string, options: { out?: string }) => {
    const { request } = await import('./request.ts');
    process.exitCode = await request(run, step, options);
  });

program
  .command('attach')
  .description('keep files with a run')
  .argument('<run>', 'the id of a run')
  .argument('<file...>', 'of up to 25 MB each')
  .option('--step <step>', 'the step they belong to (default: the run as a whole)')
  .action(async (run: string, files: string[], options: { step?: string }) => {
    const { attach } = await import('./attach.ts');
    process.exitCode = await attach(run, files, options);
  });

program
  .command('hand-over')
  .description('give a run to another operator as an encrypted file; it is read-only here then')
  .argument('<run>', 'the id of a run that nobody drives')
  .requiredOption('--to <name>', 'who goes on with it')
  .requiredOption('--out <file>', 'the file to write')
  .option('--reason <text>', 'why; goes into the record', 'Handed over on the command line.')
  .option('--passphrase-file <file>', 'take the passphrase from the first line (- for stdin)')
  .action(async (run: string, options: import('./hand-over.ts').HandOverOptions) => {
    const { giveAway } = await import('./hand-over.ts');
    process.exitCode = await giveAway(run, options);
  });

program
  .command('take-over')
  .description('verify a run that was handed over, and go on with it here')
  .argument('<file>', 'the encrypted file')
  .option('--passphrase-file <file>', 'take the passphrase from the first line (- for stdin)')
  .option('--back', 'take back a run that this machine handed over, if nobody took it over')
  .option('--json', 'as JSON')
  .action(async (file: string, options: import('./hand-over.ts').TakeOverOptions) => {
    const { receive } = await import('./hand-over.ts');
    process.exitCode = await receive(file, options);
  });

// A reader that closes the pipe early, such as `head`, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? exitCodes.ok);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.refused;
  } else {
    // A server may have repeated what it was sent.
    const { knownSecrets } = await import('../engine/credentials/known-secrets.ts');
    const problem = knownSecrets.problem(toProblem(error));
    process.stderr.write(`${describeProblem(problem)}\n`);
    process.exitCode = exitCodes.refused;
  }
}
