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
}
