import { installAndBuild } from './app-start.mjs';
import { command } from './command.mjs';

await command(async () => {
  await installAndBuild();
  return 0;
});
