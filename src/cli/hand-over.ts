import { randomBytes } from 'node:crypto';
import { version } from '../../package.json';
import { readable } from '../core/ledger/readable.ts';
import { handOver } from '../engine/hand-over/hand-over.ts';
import { takeOver } from '../engine/hand-over/take-over.ts';
import { thisHolder } from '../engine/holder.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { pathOf } from './text-file.ts';
import { secretFrom } from './typed-secret.ts';
import { openWorkplace, operatorName } from './workplace.ts';

export interface HandOverOptions {
  to: string;
  out: string;
  reason: string;
  passphraseFile?: string;
}

/** `muster hand-over RUN`: the run in an encrypted file; it is read-only here from then on. */
export async function giveAway(run: string, options: HandOverOptions): Promise<ExitCode> {
  const store = openWorkplace();
  try {
    const { to, reason } = options;
    const file = pathOf(options.out);
    const passphrase = await secretFrom(options.passphraseFile, {
      prompt: `Passphrase for ${options.out}`,
      option: '--passphrase-file',
      isNew: true,
    });
    await handOver(
      store,
      { run, to, reason, file, passphrase },
      { operator: operatorName(), holder: thisHolder('cli'), session: newSession(), version },
    );
    process.stdout.write(
      `Run ${run} is handed over to ${to} and read-only here.\n` +
        `Send ${options.out} to ${to}, and the passphrase on another way.\n` +
        `They go on with: muster take-over FILE\n`,
    );
    return exitCodes.ok;
  } finally {
    store.close();
  }
}

export interface TakeOverOptions {
  passphraseFile?: string;
  back?: true;
  json?: true;
}

/** `muster take-over FILE`: verifies the run in it, and takes it over. */
export async function receive(file: string, options: TakeOverOptions): Promise<ExitCode> {
  const store = openWorkplace();
  try {
    const passphrase = await secretFrom(options.passphraseFile, {
      prompt: `Passphrase of ${file}`,
      option: '--passphrase-file',
    });
    const taken = await takeOver(
      store,
      { file: pathOf(file), passphrase, back: options.back ?? false },
      { operator: operatorName(), session: newSession() },
    );
    if (options.json) process.stdout.write(`${JSON.stringify(taken)}\n`);
    else {
      const from = `${readable(taken.from.operator)} on ${readable(taken.from.host)}`;
      process.stdout.write(
        `Run ${taken.run}, ${readable(taken.title)}: taken over from ${from}.\n` +
          `Handed over to ${readable(taken.to)}: ${readable(taken.reason)}\n` +
          `All ${taken.events} events verify. Go on with: muster resume ${taken.run}\n`,
      );
    }
    return exitCodes.ok;
  } finally {
    store.close();
  }
}

function newSession(): string {
  return randomBytes(6).toString('hex');
}
