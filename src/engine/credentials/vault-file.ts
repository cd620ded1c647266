import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { vaultDamaged, vaultUnwritable } from './failures.ts';
import { passphraseSealSchema, sealedSchema } from './vault-crypto.ts';

/**
 * The vault as it lies on disk. Entries are sealed one by one with a data key, and the data key is
 * sealed once for each way to open the vault. An entry that is damaged, or that a later version
 * wrote, is kept as it is when others are written.
 */
const vaultFileSchema = z.object({
  format: z.literal(1),
  /** Made with the vault; bound to all that is sealed in it. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  seals: z.object({
    passphrase: passphraseSealSchema,
    /** The data key as the operating system's key store sealed it; null where it never did. */
    keyStore: z.base64().nullable(),
  }),
  entries: z.record(z.string(), z.unknown()),
});
export type VaultFile = z.infer<typeof vaultFileSchema>;

export const vaultEntrySchema = sealedSchema.extend({ changedAt: z.iso.datetime() });
export type VaultEntry = z.infer<typeof vaultEntrySchema>;

/** Null when there is none. Throws MusterError `vault-damaged`, and leaves the file alone. */
export function readVault(file: string): VaultFile | null {
  if (!existsSync(file)) return null;
  try {
    return vaultFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    // A parser's message may quote the text that it read.
    const why =
      error instanceof z.ZodError
        ? `it has not the form of a vault (${error.issues.map(({ path }) => path.join('.')).join(', ')})`
        : error instanceof SyntaxError
          ? 'it is not whole'
          : String(error);
    throw vaultDamaged(file, why);
  }
}

/**
 * Puts a new file in the old one's place, whole or not at all, readable by its owner alone. One
 * process at a time may do this. Throws MusterError `vault-unwritable`.
 */
export function writeVault(file: string, vault: VaultFile): void {
  const next = `${file}.new`;
  try {
    const handle = openSync(next, 'w', 0o600);
    try {
      writeFileSync(handle, `${JSON.stringify(vault, null, 2)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(next, file);
    syncFolder(dirname(file));
  } catch (error) {
    throw vaultUnwritable(file, String(error));
  }
}

/** Makes the change of name last through a loss of power. Windows has no such thing for folders. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
