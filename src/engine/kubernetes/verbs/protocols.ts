/**
 * The object with the protocol of each port written out. It is TCP where a manifest says none, but
 * servers before 1.21 refuse to apply a port without it, because it is part of the port's key.
 */
export function withProtocols<T>(object: T): T {
  return walked(object, false) as T;
}

function walked(value: unknown, isPort: boolean): unknown {
  if (Array.isArray(value)) return value.map((entry) => walked(entry, isPort));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, entry]) => [
    key,
    walked(entry, key === 'ports' && Array.isArray(entry)),
  ]);
  const isBare = !('protocol' in value) && ('port' in value || 'containerPort' in value);
  return Object.fromEntries(isPort && isBare ? [...entries, ['protocol', 'TCP']] : entries);
}
