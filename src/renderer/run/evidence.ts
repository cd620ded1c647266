import { useEffect, useState } from 'react';
import { z } from 'zod';
import { type Problem, toProblem } from '../../core/problem.ts';
import type { EvidencePlace } from '../../core/run/events.ts';
import { largestEvidence } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';

/** One evidence of an attempt, or two that show the same before and after. */
export type Shown =
  | { kind: 'one'; name: string; place: EvidencePlace }
  | { kind: 'pair'; name: string; before: EvidencePlace; after: EvidencePlace };

/** `before: X` and `after: X` are shown as what changed of X. */
export function pairs(places: readonly EvidencePlace[]): Shown[] {
  const named = (name: string) => places.find((place) => place.name === name);
  return places.flatMap((place): Shown[] => {
    const [when, name] = split(place.name);
    const before = name === null ? undefined : named(`before: ${name}`);
    const after = name === null ? undefined : named(`after: ${name}`);
    if (name === null || before === undefined || after === undefined) {
      return [{ kind: 'one', name: place.name, place }];
    }
    return when === 'before' ? [{ kind: 'pair', name, before, after }] : [];
  });
}

function split(name: string): ['before' | 'after', string] | [null, null] {
  for (const when of ['before', 'after'] as const) {
    if (name.startsWith(`${when}: `)) return [when, name.slice(when.length + 2)];
  }
  return [null, null];
}

const seriesSchema = z.object({
  query: z.string(),
  /** Thresholds as the runbook writes them, such as "> 0.8". */
  warning: z.string().nullable(),
  critical: z.string().nullable(),
  series: z.array(
    z.object({
      labels: z.record(z.string(), z.string()),
      points: z.array(z.tuple([z.number(), z.number().nullable()])),
    }),
  ),
});
/** What a query of Prometheus gave: times in ms since 1970 (UTC) and values. */
export type SeriesEvidence = z.infer<typeof seriesSchema>;

/** The series within an evidence that are worth a chart; null for any other evidence. */
export function seriesIn(text: string): SeriesEvidence | null {
  const found = seriesSchema.safeParse(parsed(text));
  return found.success && found.data.series.some(({ points }) => points.length > 1)
    ? found.data
    : null;
}

/** JSON with a line for each of its parts; any other text as it is. */
export function pretty({ mediaType }: EvidencePlace, text: string): string {
  const value = mediaType === 'application/json' ? parsed(text) : undefined;
  return value === undefined ? text : JSON.stringify(value, null, 2);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface Attempted {
  run: string;
  step: string;
  attempt: number;
}

/** The texts of some evidences; null while they are read. */
export function useEvidence(
  of: Attempted,
  places: readonly EvidencePlace[],
): { texts: string[] | null; problem: Problem | null } {
  const [read, setRead] = useState<{ texts: string[] | null; problem: Problem | null }>({
    texts: null,
    problem: null,
  });
  const { run, step, attempt } = of;
  const key = places.map(({ at, bytes }) => `${at} ${bytes}`).join(',');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` says which places they are
  useEffect(() => {
    let isWanted = true;
    const asked = places.map(({ at, bytes }) =>
      ask('run.evidence', { run, step, attempt, at, bytes: Math.min(bytes, largestEvidence) }),
    );
    Promise.all(asked).then(
      (all) => {
        if (isWanted) setRead({ texts: all.map(({ text }) => text), problem: null });
      },
      (thrown: unknown) => {
        if (isWanted) setRead({ texts: null, problem: toProblem(thrown) });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [run, step, attempt, key]);
  return read;
}
