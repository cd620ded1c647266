import { Command, CommanderError, Option } from 'commander';
import { version } from '../../package.json';
import { toProblem } from '../core/problem.ts';
import { exitCodes } from './exit-codes.ts';
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
  .command('run')
  .description('run a runbook')
  .argument('<file>', 'a .md file')
  .option('--input <name=value>', 'an input of the runbook (repeatable)', collect, [])
  .addOption(
    new Option('--mode <mode>', 'what kind of run this is')
      .choices(['drill', 'incident', 'maintenance'])
      .default('drill'),
  )
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
      'what became of a step whose end is unknown, or what to do with one that failed: succeeded, failed, retry, skip (repeatable)',
    )
      .argParser(collect)
      .default([]),
  )
  .option('--reason <text>', 'why, for --resolve', 'Decided on the command line.')
  .option('--json', 'one event a line, and the summary as the last line')
  .action(async (id: string, options: import('./run.ts').ResumeOptions) => {
    const { resume } = await import('./run.ts');
    process.exitCode = await resume(id, options);
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
    new Option('--format <format>', 'of the report').choices(['html', 'md', 'json']).default('md'),
  )
  .action(async (id: string, options: { format: 'html' | 'md' | 'json' }) => {
    const { report } = await import('./report.ts');
    process.exitCode = await report(id, options.format);
  });

program
  .command('verify')
  .description("recompute a run's hash chain")
  .argument('<run>', 'the id of a run')
  .option('--json', 'as JSON')
  .action(async (id: string, options: { json?: true }) => {
    const { verify } = await import('./verify.ts');
    process.exitCode = await verify(id, options);
  });

// A reader that closes the pipe early, such as `head`, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.refused;
  } else {
    process.stderr.write(`${describeProblem(toProblem(error))}\n`);
    process.exitCode = exitCodes.refused;
  }
}
