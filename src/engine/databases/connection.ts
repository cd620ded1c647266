/** How to reach a database. The password stays in this process and in what it hands to a child. */
export interface DatabaseConnection {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string | null;
  /** As libpq names them. */
  sslmode: 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
  /** A file with the certificates to trust, or null. */
  sslRootCert: string | null;
  /**
   * Opens the way to a database that lies behind a cluster, such as a port-forward; left out where
   * host and port are reached as they are. The host stays the name that certificates are checked
   * against. Rejects with MusterError, or with the signal's reason.
   */
  open?: (signal: AbortSignal) => Promise<OpenWay>;
}

/** A way to a database that is open until it is closed. */
export interface OpenWay {
  host: string;
  port: number;
  close(): Promise<void>;
}

/** A connection whose host and port can be dialled; `name` is what certificates must say. */
export type ReachableConnection = Omit<DatabaseConnection, 'open'> & { name: string };

/** Opens the way where one is needed, and closes it when `use` has ended, however it ended. */
export async function reach<T>(
  connection: DatabaseConnection,
  signal: AbortSignal,
  use: (reachable: ReachableConnection) => Promise<T>,
): Promise<T> {
  const { open, ...direct } = connection;
  if (!open) return use({ ...direct, name: direct.host });
  const way = await open(signal);
  try {
    return await use({ ...direct, name: direct.host, host: way.host, port: way.port });
  } finally {
    await way.close();
  }
}
