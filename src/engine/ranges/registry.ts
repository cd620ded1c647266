/** A practice environment while a run uses it. */
export interface Range {
  /** What the run's steps and terminals find it by. */
  env: Record<string, string>;
  close(): Promise<void>;
}

type StartRange = (options: { dir: string; nativeBinding?: string }) => Promise<Range>;

/** The ranges that a runbook may ask for with `requires: {range: …}`. */
export const ranges: Readonly<Record<string, StartRange>> = {
  // Loaded with the first run that wants one: no start of Muster waits for an HTTP server.
  practice: async (options) => (await import('./practice/range.ts')).startPracticeRange(options),
};
