import { type Command, Option } from 'commander';
import { careLevelSchema, targetColours } from '../core/targets/target.ts';
import type { TargetOptions } from './target-options.ts';

const collect = (value: string, before: string[]): string[] => [...before, value];

/** `muster targets …`. What each does is loaded when it is called. */
export function addTargetCommands(program: Command): void {
  const targets = program
    .command('targets')
    .description('the environments that runs act on, and what proves that each is the right one');
  targets
    .command('list')
    .description('list them')
    .option('--json', 'as JSON')
    .action(async (options: { json?: true }) => {
      const { listTargets } = await import('./targets.ts');
      process.exitCode = await listTargets(options);
    });
  targets
    .command('show')
    .description('show one with its pinned identities')
    .argument('<name>', 'of a target')
    .option('--json', 'as JSON')
    .action(async (name: string, options: { json?: true }) => {
      const { showTarget } = await import('./targets.ts');
      process.exitCode = await showTarget(name, options);
    });
  withParts(
    targets
      .command('add')
      .description('add one; secrets are given by reference, such as vault:NAME')
      .argument('<name>', 'small letters, digits and hyphens, such as prod-us'),
  ).action(async (name: string, options: TargetOptions) => {
    const { addTarget } = await import('./targets.ts');
    process.exitCode = await addTarget(name, options);
  });
  withParts(
    targets
      .command('edit')
      .description('change what is given, and leave the rest; pinned identities stay')
      .argument('<name>', 'of a target'),
  )
    .addOption(
      new Option('--without <part>', 'take out a part (repeatable)')
        .choices(['cluster', 'store', 'namespace', 'databases', 'prometheus'])
        .argParser(collect)
        .default([]),
    )
    .action(async (name: string, options: TargetOptions) => {
      const { editTarget } = await import('./targets.ts');
      process.exitCode = await editTarget(name, options);
    });
  targets
    .command('remove')
    .description('remove one; runs that were bound to it keep their record')
    .argument('<name>', 'of a target')
    .action(async (name: string) => {
      const { removeTarget } = await import('./targets.ts');
      process.exitCode = await removeTarget(name);
    });
  targets
    .command('check')
    .description('ask each part who it is, compare with what is pinned, and pin what never was')
    .argument('<name>', 'of a target')
    .option('--accept', 'pin what answers now in place of what was pinned')
    .option('--json', 'as JSON')
    .action(async (name: string, options: { accept?: true; json?: true }) => {
      const { checkTargetNow } = await import('./targets.ts');
      process.exitCode = await checkTargetNow(name, options);
    });
}

function withParts(command: Command): Command {
  return command
    .addOption(new Option('--colour <colour>', 'of its ribbon').choices([...targetColours]))
    .addOption(new Option('--care <level>', 'how careful to be').choices(careLevelSchema.options))
    .option('--namespace <name>', 'where steps act that name no namespace')
    .option('--context <name>', 'a context of a kubeconfig')
    .option('--kubeconfig <file>', 'the kubeconfig (default: KUBECONFIG, else ~/.kube/config)')
    .option('--profile <name>', 'an AWS profile for the object store')
    .option('--endpoint <url>', 'of an S3 site (default: AWS)')
    .option('--region <name>', 'of the object store')
    .option('--path-style', 'the bucket stands in the path, not in the host name')
    .option('--bucket <name>', 'the usual bucket')
    .option('--access-key <reference>', 'where the access key is kept')
    .option('--secret-key <reference>', 'where the secret key is kept')
    .option('--folder <path>', 'a folder as the object store')
    .option('--prometheus <url>', 'its Prometheus, for steps that name none')
    .option(
      '--database <name=url>',
      'a connection: NAME=postgresql://USER@HOST:PORT/DB?sslmode=require (repeatable)',
      collect,
      [],
    )
    .option(
      '--password <name=reference>',
      'where the password of a connection is kept (repeatable)',
      collect,
      [],
    );
}
