import { setTimeout as pause } from 'node:timers/promises';
import { wait as kind, type WaitSpec } from '../../core/actions/kinds/wait.ts';
import { formatDuration, parseDuration } from '../../core/units.ts';
import type { StructuredKind } from './structured.ts';

/** How often the time that is left is shown, in ms. */
const SHOW_MS = 500;

export const wait: StructuredKind<WaitSpec> = {
  kind,
  async preview({ spec }) {
    return { text: `${kind.describe({ ...spec })}.`, detail: null, problem: null };
  },
  async act({ spec, signal, progress }) {
    const total = parseDuration(spec.for) ?? 0;
    const began = performance.now();
    for (;;) {
      const done = Math.min(total, performance.now() - began);
      progress({ label: 'Waiting', done, total, unit: 'ms' });
      if (done >= total) break;
      await pause(Math.min(SHOW_MS, total - done), undefined, { signal });
    }
    return { summary: `Waited ${formatDuration(total)}.`, values: {} };
  },
};
