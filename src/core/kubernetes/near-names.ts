/** At most `count` of the names that look most like `wanted`, the nearest first. */
export function nearNames(wanted: string, names: readonly string[], count = 3): string[] {
  const farthest = Math.max(2, Math.floor(wanted.length / 2));
  return names
    .map((name) => ({
      name,
      far: name.includes(wanted) || wanted.includes(name) ? 1 : distance(wanted, name),
    }))
    .filter(({ far }) => far <= farthest)
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, count)
    .map(({ name }) => name);
}

/** How many letters have to be changed, added or taken away. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(same, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
