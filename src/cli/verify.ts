import type { RunCheck } from '../core/ledger/head.ts';
import { readPublicKey } from '../engine/keys/signing-key.ts';
import { verifyRun } from '../engine/record.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { protectionWords } from './key.ts';
import { openWorkplace } from './workplace.ts';

/** `muster verify RUN`: recomputes the run's record and names the first bad event. */
export async function verify(id: string, options: { json?: true }): Promise<ExitCode> {
  const store = openWorkplace();
  try {
    const check = verifyRun(store, id);
    const key = readPublicKey(store.home);
    if (options.json) {
      const own = key && { fingerprint: key.fingerprint, protection: key.protection };
      process.stdout.write(`${JSON.stringify({ ...check, key: own })}\n`);
    } else {
      const lines = [chainLine(id, check), signedLine(check)];
      if (check.signed?.isOwn && key) lines.push(protectionWords(key.protection));
      process.stdout.write(`${lines.join('\n')}\n`);
    }
    return check.bad ? exitCodes.failed : exitCodes.ok;
  } finally {
    store.close();
  }
}

function chainLine(id: string, { bad, events, head }: RunCheck): string {
  if (bad === null) return `Run ${id}: all ${events} events verify. Head: ${head}`;
  const { seq, why } = bad;
  return `Run ${id}: event ${seq} does not verify. ${why} Events before it are sound.`;
}

function signedLine({ signed, events }: RunCheck): string {
  if (signed === null) return 'No signature vouches for it.';
  const { upTo, time, fingerprint, isOwn } = signed;
  const whose = isOwn ? 'the key of this machine' : 'a key of another machine';
  return `Signed up to event ${upTo} of ${events}, at ${time}, by ${whose}: ${fingerprint}`;
}
