/** Holds the data key of an unlocked vault for a while. */
export interface KeyHolder {
  /** The key of the vault with this id, or null when none is held. Counts as use. */
  get(id: string): Promise<Buffer | null>;
  /** From now on until `idleMs` ms without use have passed. */
  hold(id: string, key: Buffer, idleMs: number): Promise<void>;
  drop(): Promise<void>;
}

/** Holds the key in this process alone. */
export function holdInMemory(): KeyHolder {
  let held: { id: string; key: Buffer; idleMs: number; timer: NodeJS.Timeout } | null = null;
  const drop = (): void => {
    if (!held) return;
    clearTimeout(held.timer);
    held.key.fill(0);
    held = null;
  };
  return {
    async get(id) {
      if (held?.id !== id) return null;
      held.timer.refresh();
      return Buffer.from(held.key);
    },
    async hold(id, key, idleMs) {
      drop();
      held = { id, key: Buffer.from(key), idleMs, timer: setTimeout(drop, idleMs).unref() };
    },
    drop: async () => drop(),
  };
}
