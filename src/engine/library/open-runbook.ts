import type { Finding, Runbook } from '../../core/runbook/model.ts';
import { parseApart } from './parse-apart.ts';
import { readRunbook } from './read-runbook.ts';

export interface OpenedRunbook {
  path: string;
  text: string;
  /** SHA-256 (hex) of the file's bytes. */
  sha256: string;
  runbook: Runbook;
}

/** Reads and parses one Markdown file. Never writes. Throws MusterError when it cannot be read. */
export async function openRunbook(path: string): Promise<OpenedRunbook> {
  const { text, sha256, notUtf8Line } = await readRunbook(path);
  const runbook = await parseApart(text);
  if (notUtf8Line === null) return { path, text, sha256, runbook };
  // Such a file can be read by a person but not run: a command that was read wrongly is another command.
  const finding: Finding = {
    rule: 'not-utf8',
    severity: 'error',
    line: notUtf8Line,
    column: 1,
    message: 'The file is not UTF-8 from this line on; it is shown as Windows-1252.',
    remedy: 'Save it as UTF-8, then open it again.',
  };
  return { path, text, sha256, runbook: { ...runbook, findings: [finding, ...runbook.findings] } };
}
