import type { Server } from 'node:net';
import { agentFailed } from '../engine/credentials/failures.ts';
import { agentSocket, type HeldKey, serveKey } from '../engine/credentials/key-agent.ts';

/**
 * Holds the key of a vault that was unlocked in the window: in this process, for as long as it is
 * used, and for no longer than the app is open. The command line finds it where its own holding
 * process would listen.
 */
export class VaultKey {
  readonly #home: string;
  #server: Server | null = null;

  constructor(home: string) {
    this.#home = home;
  }

  /** Throws MusterError where nobody could ask for it. */
  readonly hold = async (held: HeldKey): Promise<void> => {
    this.close();
    try {
      this.#server = await serveKey(agentSocket(this.#home), held);
    } catch (error) {
      throw agentFailed(String(error));
    }
  };

  close(): void {
    this.#server?.close();
    this.#server = null;
  }
}
