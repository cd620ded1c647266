import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installAndBuild } from './app-start.mjs';
import { command } from './command.mjs';
import { electronForTests } from './electron-for-tests.mjs';
import { isolated } from './isolation.mjs';
import { node24, root, withLocalTools } from './project.mjs';
import { run } from './run-command.mjs';

const ending = '.bench.ts';
const folder = join(root, 'bench');

// `npm run bench` runs all of bench/*.bench.ts, `npm run bench -- NAME…` those named.
await command(async () => {
  const all = existsSync(folder)
    ? readdirSync(folder).flatMap((file) =>
        file.endsWith(ending) ? [file.slice(0, -ending.length)] : [],
      )
    : [];
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !all.includes(name));
  if (unknown.length > 0)
    throw new Error(`No such benchmark: ${unknown.join(', ')}. There are: ${all.join(', ')}.`);
  await installAndBuild();
  const withElectron = await electronForTests();
  let failed = 0;
  for (const name of named.length > 0 ? named : all) {
    console.log(`\n── ${name}`);
    const { ok } = await withElectron((variables) =>
      isolated((env) =>
        run(node24, [join(folder, `${name}${ending}`)], {
          env: { ...withLocalTools(env), ...variables },
          show: true,
          timeout: 1_800_000,
        }),
      ),
    );
    if (!ok) failed += 1;
  }
  return failed === 0 ? 0 : 1;
});
