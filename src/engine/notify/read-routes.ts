import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { missingChannels, type Routes, routesSchema } from '../../core/notify/routes.ts';
import { MusterError } from '../../core/problem.ts';

/** The file that says who is told what. */
export function routesFile(home: string): string {
  return join(home, 'notify.yaml');
}

/** Who is told what; null where there is no file yet. Throws MusterError where it cannot be read. */
export function readRoutes(home: string): Routes | null {
  const file = routesFile(home);
  if (!existsSync(file)) return null;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw wrong(file, error instanceof Error ? error.message : String(error));
  }
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault) throw wrong(file, fault.message, fault.linePos?.[0].line);
  const parsed = routesSchema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (!parsed.success) throw wrong(file, z.prettifyError(parsed.error));
  const missing = missingChannels(parsed.data);
  if (missing.length > 0) throw wrong(file, `No channel is called ${missing.join(', ')}`);
  return parsed.data;
}

function wrong(file: string, why: string, line?: number): MusterError {
  return new MusterError({
    code: 'routes-unreadable',
    what: `The file that says who is told cannot be read: ${file}.`,
    safe: 'Nobody was told anything.',
    next: 'Correct the file; see the documentation of notify steps.',
    place: { file, ...(line === undefined ? {} : { line }) },
    detail: why,
  });
}
