import { create } from 'zustand';
import type { Finding, Runbook } from '../../core/runbook/model.ts';
import type { OpenRunbook } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { useLibrary } from './store.ts';

interface Linting {
  /** What the findings are of. */
  runbook: Runbook | null;
  findings: readonly Finding[];
}

/** What lint says to the text on the page. */
const useLinting = create<Linting>()(() => ({ runbook: null, findings: [] }));

const NONE: readonly Finding[] = [];
/** A longer text would keep the window waiting; the command line lints it. In characters. */
const LONGEST = 500_000;
/** How long one part of the work may keep the window. In ms. */
const SLICE_MS = 8;

let stop = new AbortController();
let last: OpenRunbook | null = null;

// It goes with the text, not with what is drawn of the page at the moment.
useLibrary.subscribe(({ open }) => follow(open));
follow(useLibrary.getState().open);

function follow(open: OpenRunbook | null): void {
  if (open === last) return;
  last = open;
  stop.abort();
  stop = new AbortController();
  if (open !== null && open.text.length <= LONGEST) void lintSlowly(open, stop.signal);
}

/**
 * All findings of the open runbook: at first those of reading it, soon after those of lint, and then
 * those for which main has to look at the disk or to ask shellcheck.
 */
export function useAllFindings(read: readonly Finding[]): readonly Finding[] {
  const linted = useLinting();
  return linted.runbook?.findings === read ? linted.findings : read;
}

/** The findings in some lines, last included. */
export function useFindingsIn(
  runbook: Runbook,
  range: { start: number; end: number },
): readonly Finding[] {
  const findings = useLinting((linted) => (linted.runbook === runbook ? linted.findings : NONE));
  return findings.filter(({ line }) => line >= range.start && line <= range.end);
}

/** Lints in parts, so that scrolling and typing go on, and not before the page stands. */
async function lintSlowly(open: OpenRunbook, signal: AbortSignal): Promise<void> {
  const { path, sha256, text, runbook } = open;
  await idle();
  const { inOrder, lintParts } = await import('../../core/lint/lint.ts');
  const parts = lintParts(text, runbook);
  for (;;) {
    await idle();
    const until = performance.now() + SLICE_MS;
    do {
      if (signal.aborted) return;
      const part = parts.next();
      if (part.done) {
        useLinting.setState({ runbook, findings: part.value });
        const more = await ask('runbook.lint', { path, sha256 }).catch(() => NONE);
        if (signal.aborted || more.length === 0) return;
        useLinting.setState({ runbook, findings: inOrder([...part.value, ...more]) });
        return;
      }
    } while (performance.now() < until);
  }
}

function idle(): Promise<void> {
  return new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: 500 }));
}
