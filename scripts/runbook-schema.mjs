import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { frontMatterJsonSchema } from '../src/core/runbook/front-matter-schema.ts';
import { command } from './command.mjs';
import { root, withLocalTools } from './project.mjs';
import { run } from './run-command.mjs';

// `npm run schema` writes the JSON Schema of the front matter anew.
await command(async () => {
  const file = join(root, 'resources', 'runbook.schema.json');
  writeFileSync(file, `${JSON.stringify(frontMatterJsonSchema(), null, 2)}\n`);
  const { ok } = await run('biome', ['format', '--write', file], {
    env: withLocalTools(process.env),
  });
  return ok ? 0 : 1;
});
