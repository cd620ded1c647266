import { createInterface } from 'node:readline/promises';
import { readRequest, writePublicKey } from '../core/approval/files.ts';
import type { Statement } from '../core/approval/statement.ts';
import { readable } from '../core/ledger/readable.ts';
import { formatDateTime } from '../core/units.ts';
import { signRequest } from '../engine/people/approvals.ts';
import { makeApproverKey, ownPublicKey } from '../engine/people/approver-key.ts';
import { fingerprintOf } from '../engine/people/signature.ts';
import { musterHome } from '../store/home.ts';
import { makeFolder } from '../store/make-folder.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { shownKey } from './people.ts';
import { readText, writeNewText } from './text-file.ts';
import { secretFrom } from './typed-secret.ts';
import { zone } from './words.ts';
import { operatorName } from './workplace.ts';

export interface ApproveOptions {
  as?: string;
  out?: string;
  yes?: true;
  passphraseFile?: string;
}

/** `muster approve FILE`: shows in full what is asked for, asks, and signs. */
export async function approve(file: string, options: ApproveOptions): Promise<ExitCode> {
  const home = musterHome(process.env, process.platform);
  const statement = readRequest(readText(file), file);
  const name = options.as ?? operatorName();
  const out = options.out ?? `${file === '-' ? 'request' : file}.approval.txt`;
  process.stdout.write(`${describe(statement, name).join('\n')}\n`);
  if (!options.yes && !(await isWanted(statement))) {
    process.stdout.write('Nothing was approved.\n');
    return exitCodes.failed;
  }
  await ownKey(home, options);
  const passphrase = await secretFrom(options.passphraseFile, passphraseOf('Passphrase'));
  writeNewText(out, await signRequest(home, statement, { name, passphrase }));
  process.stdout.write(`Approved. Send this file to ${readable(statement.requestedBy)}: ${out}\n`);
  return exitCodes.ok;
}

/** `muster approve --key`: the public part of one's own key, which is made where there is none. */
export async function showKey(options: ApproveOptions): Promise<ExitCode> {
  const home = musterHome(process.env, process.platform);
  const key = await ownKey(home, options);
  process.stdout.write(writePublicKey(key));
  const fingerprint = fingerprintOf(Buffer.from(key, 'base64'));
  process.stderr.write(`Read this aloud to whoever adds you: ${shownKey(fingerprint)}\n`);
  return exitCodes.ok;
}

async function ownKey(home: string, options: ApproveOptions): Promise<string> {
  const known = ownPublicKey(home);
  if (known !== null) return known;
  process.stderr.write('You have no approver key on this machine; it is made now.\n');
  const passphrase = await secretFrom(options.passphraseFile, {
    ...passphraseOf('Passphrase for the new key'),
    isNew: true,
  });
  makeFolder(home);
  return makeApproverKey(home, passphrase);
}

function passphraseOf(prompt: string): { prompt: string; option: string } {
  return { prompt, option: '--passphrase-file' };
}

/** All that is signed, with what cannot be seen made visible: nobody approves what they cannot read. */
function describe(statement: Statement, name: string): string[] {
  const when = (at: string): string => formatDateTime(at, zone);
  const does = readable(statement.does).split('\n');
  return [
    `You are asked to approve, as ${name}:`,
    '',
    `  Step       ${readable(statement.title)} [${readable(statement.step)}], attempt ${statement.attempt}`,
    `  Run        ${readable(statement.runTitle)} (${readable(statement.run)})`,
    `  Asked by   ${readable(statement.requestedBy)}, ${when(statement.requestedAt)}`,
    `  Good until ${when(statement.expiresAt)}`,
    `  Runbook    SHA-256 ${statement.runbook}`,
    `  Ledger     head ${statement.head}`,
    '',
    'What will happen:',
    ...does.map((line) => `  | ${line}`),
    '',
  ];
}

async function isWanted(statement: Statement): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const typed = await lines.question(`Type approve to approve "${readable(statement.title)}": `);
    return typed.trim() === 'approve';
  } finally {
    lines.close();
  }
}
