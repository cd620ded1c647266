import type { Command } from 'commander';

/** `muster vault …`. What each does is loaded when it is called. */
export function addVaultCommands(program: Command): void {
  const vault = program
    .command('vault')
    .description('keep secrets encrypted, to refer to as vault:NAME; values are never arguments');
  vault
    .command('create')
    .description('make a vault behind a passphrase (asked for, or from a pipe), and unlock it')
    .action(async () => {
      const { createVaultHere } = await import('./vault.ts');
      process.exitCode = await createVaultHere();
    });
  vault
    .command('unlock')
    .description('unlock it until nobody used it for a while')
    .action(async () => {
      const { unlockVault } = await import('./vault.ts');
      process.exitCode = await unlockVault();
    });
  vault
    .command('lock')
    .description('lock it now')
    .action(async () => {
      const { lockVault } = await import('./vault.ts');
      process.exitCode = await lockVault();
    });
  vault
    .command('list')
    .description('say whether it is unlocked, and the names of its entries')
    .option('--json', 'as JSON')
    .action(async (options: { json?: true }) => {
      const { listVault } = await import('./vault.ts');
      process.exitCode = await listVault(options);
    });
  vault
    .command('set')
    .description('keep a secret; asks for its value, or reads it from a pipe')
    .argument('<name>', 'NAME or NAME/KEY')
    .action(async (name: string) => {
      const { setInVault } = await import('./vault.ts');
      process.exitCode = await setInVault(name);
    });
  vault
    .command('remove')
    .description('forget a secret')
    .argument('<name>', 'NAME or NAME/KEY')
    .action(async (name: string) => {
      const { removeFromVault } = await import('./vault.ts');
      process.exitCode = await removeFromVault(name);
    });
  vault
    .command('passphrase')
    .description('change the passphrase (asked for, or the old and the new one as two lines)')
    .action(async () => {
      const { changePassphrase } = await import('./vault.ts');
      process.exitCode = await changePassphrase();
    });
  vault
    .command('idle')
    .description('set after how long without use it locks (default 15m)')
    .argument('<duration>', 'such as 15m, at most 24h')
    .action(async (duration: string) => {
      const { setIdle } = await import('./vault.ts');
      process.exitCode = await setIdle(duration);
    });
  vault.command('hold', { hidden: true }).action(async () => {
    const { holdKey } = await import('./vault.ts');
    process.exitCode = await holdKey();
  });
}
