import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For tests: a certificate for names, issued by an authority of its own. */
export interface TestCertificate {
  key: Buffer;
  cert: Buffer;
  /** The file with the authority's certificate. */
  ca: string;
}

/** `names` as subject alternative names, such as `DNS:orders.test`; `days` from now. */
export function makeCertificate(names: string, days: number): TestCertificate {
  const dir = mkdtempSync(join(tmpdir(), 'muster-tls-'));
  const at = (name: string): string => join(dir, name);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' });
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    '3650',
    '-subj',
    '/CN=Test authority',
  );
  openssl('req', ...newKey, '-keyout', 'own.key', '-out', 'own.csr', '-subj', '/CN=orders');
  writeFileSync(at('names'), `subjectAltName=${names}`);
  openssl(
    'x509',
    '-req',
    '-in',
    'own.csr',
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    String(days),
    '-extfile',
    'names',
    '-out',
    'own.crt',
  );
  return { key: readFileSync(at('own.key')), cert: readFileSync(at('own.crt')), ca: at('ca.crt') };
}
