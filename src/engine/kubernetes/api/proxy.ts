import { isIPv4 } from 'node:net';

/**
 * The proxy for a server by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in capitals or not, as
 * kubectl reads them where a kubeconfig names none.
 */
export function proxyFromEnvironment(
  server: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const { protocol, hostname, port } = new URL(server);
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = env[name] || env[name.toLowerCase()];
  if (!proxy) return undefined;
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host === '::1' || /^127\./.test(host)) return undefined;
  const exceptions = (env.NO_PROXY || env.no_proxy || '').split(',').map((one) => one.trim());
  if (exceptions.some((exception) => covers(exception.toLowerCase(), host, port))) return undefined;
  return /^[a-z0-9]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

function covers(exception: string, host: string, port: string): boolean {
  if (exception === '') return false;
  if (exception === '*') return true;
  if (exception.includes('/')) return inRange(exception, host);
  const [, name = exception, only] = /^(.*?)(?::(\d+))?$/.exec(exception) ?? [];
  if (only !== undefined && only !== (port || '443')) return false;
  const suffix = name.replace(/^\*?\./, '');
  return host === suffix ? !name.startsWith('.') : host.endsWith(`.${suffix}`);
}

function inRange(range: string, host: string): boolean {
  const [base = '', length = ''] = range.split('/');
  if (!isIPv4(base) || !isIPv4(host) || !/^\d{1,2}$/.test(length)) return false;
  const bits = Number(length);
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  return (asNumber(base) & mask) >>> 0 === (asNumber(host) & mask) >>> 0;
}

function asNumber(address: string): number {
  return address.split('.').reduce((sum, part) => (sum * 256 + Number(part)) >>> 0, 0);
}
