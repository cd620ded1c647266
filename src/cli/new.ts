import { readFileSync } from 'node:fs';
import { resolve as absolute, join } from 'node:path';
import { writeNewFile } from '../engine/library/new-file.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** `muster new KIND`: a runbook to begin with, as a new file. */
export async function newRunbook(kind: string, options: { out?: string }): Promise<ExitCode> {
  const out = absolute(process.env.INIT_CWD ?? '.', options.out ?? `${kind}.md`);
  writeNewFile(out, readFileSync(templateFile(kind), 'utf8'));
  process.stdout.write(`Written: ${out}\n`);
  return exitCodes.ok;
}

/** Built files lie one folder below `out/`, so the root of the checkout is two above. */
function templateFile(kind: string): string {
  return join(import.meta.dirname, '..', '..', 'resources', 'templates', `${kind}.md`);
}
