import { installAndBuild, runCli } from './app-start.mjs';
import { command } from './command.mjs';

await command(async () => {
  await installAndBuild();
  return (await runCli(process.argv.slice(2))).code;
});
