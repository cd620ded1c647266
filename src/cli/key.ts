import { MusterError } from '../core/problem.ts';
import { openSigningKey, type PublicKey, readPublicKey } from '../engine/keys/signing-key.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { openWorkplace } from './workplace.ts';

/** `muster key`: the public key that signs the heads of runs here; made when there is none. */
export async function key(options: { json?: true }): Promise<ExitCode> {
  const store = openWorkplace();
  try {
    const known = readPublicKey(store.home) ?? openSigningKey(store.home, null);
    if (!known) throw new MusterError(unreadable(store.home));
    const { fingerprint, pem, protection } = known;
    const said = options.json
      ? `${JSON.stringify({ key: known.key, fingerprint, pem, protection })}\n`
      : `${pem}SHA-256: ${fingerprint}\n${protectionWords(protection)}\n`;
    process.stdout.write(said);
    return exitCodes.ok;
  } finally {
    store.close();
  }
}

/** How safe the private part is, said plainly. */
export function protectionWords(protection: PublicKey['protection']): string {
  return protection === 'system'
    ? "Its private part is sealed by the system's key store; only the app can sign."
    : 'Its private part is in a file that only this account can read, not in a key store: whoever can read the files of this account can sign.';
}

function unreadable(home: string) {
  return {
    code: 'key-unreadable',
    what: `The key in ${home}/keys cannot be read.`,
    safe: 'No record was changed. Runs go on without signatures.',
    next: 'Put the folder back from a backup, or move it away; then a new key is made.',
  };
}
