/** What the benchmarks share: repeat, take the median, hold against a goal. */

export function times(count: number, measure: () => number): number[] {
  return Array.from({ length: count }, measure);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.floor(sorted.length / 2)];
  if (value === undefined) throw new Error('No values to take the median of');
  return value;
}

/** Prints a figure beside its goal; a goal that is missed makes the benchmark end with 1. */
export function goal(
  name: string,
  value: number,
  unit: string,
  wanted: { atMost: number } | { atLeast: number },
): void {
  const isKept = 'atMost' in wanted ? value <= wanted.atMost : value >= wanted.atLeast;
  const words = 'atMost' in wanted ? `at most ${wanted.atMost}` : `at least ${wanted.atLeast}`;
  console.log(
    `${isKept ? 'kept  ' : 'MISSED'} ${name}: ${value.toFixed(2)} ${unit} (goal: ${words})`,
  );
  if (!isKept) process.exitCode = 1;
}
