import { create } from 'zustand';
import { formatBytes } from '../../core/units.ts';
import type { OutputChunk } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { report } from '../shell/problems.ts';
import { append, blank, type Sheet } from './sheet.ts';

/** What the window keeps of one attempt's output. The whole of it stays on disk. */
export interface KeptOutput {
  sheet: Sheet;
  /** What each stream has behind it that is not kept yet; shown until its next chunk. */
  ahead: Partial<Record<OutputChunk['stream'], string>>;
  /** Byte offset of the end of what arrived. */
  end: number;
  /** Bytes at the beginning that are on disk only. */
  skipped: number;
  /** A flood went by faster than the window was told: something in between is not here. */
  gap: boolean;
}

export const useOutput = create<Record<string, KeptOutput>>()(() => ({}));

/** The newest so many attempts are kept; of older ones the output is read again when it is shown. */
const keptAttempts = 12;
/** As much of a long output as is read from disk. */
const keptBytes = 2_000_000;

/** Chunks pushed while an attempt is being read from disk; overlap is cut by offset. */
const loading = new Map<string, OutputChunk[]>();
const pushed: OutputChunk[] = [];
let drawing = false;

export const outputKey = (run: string, step: string, attempt: number) =>
  `${run}/${step}/${attempt}`;

const keyOf = (chunk: OutputChunk) => outputKey(chunk.run, chunk.step, chunk.attempt);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The chunk's text from byte offset `from` on. */
function textFrom(chunk: OutputChunk, from: number): string {
  if (chunk.stream === 'evidence') return '';
  if (from <= chunk.at) return chunk.text;
  return decoder.decode(encoder.encode(chunk.text).subarray(from - chunk.at));
}

const empty = (from: number): KeptOutput => ({
  ...{ sheet: blank, ahead: {}, end: from, skipped: from, gap: false },
});

/** All of it that is shown. */
export function shown(kept: KeptOutput): Sheet {
  return append(kept.sheet, Object.values(kept.ahead).join(''));
}

function grown(kept: KeptOutput | undefined, chunk: OutputChunk): KeptOutput {
  const before = kept ?? empty(chunk.at);
  const end = chunk.at + chunk.bytes;
  const ahead = { ...before.ahead, [chunk.stream]: chunk.ahead };
  if (chunk.bytes === 0) return end === before.end ? { ...before, ahead } : before;
  // What is here already came both ways, by push and by reading.
  if (end <= before.end) return before;
  const missed = chunk.at - before.end;
  const notice = missed > 0 ? `\n[${formatBytes(missed)} are not shown here]\n` : '';
  return {
    sheet: append(before.sheet, notice + textFrom(chunk, before.end)),
    ahead,
    end,
    skipped: before.skipped,
    gap: before.gap || missed > 0,
  };
}

/** Puts the changed attempts last and lets the oldest go. */
function put(changed: Record<string, KeptOutput>): void {
  const others = Object.entries(useOutput.getState()).filter(([key]) => !(key in changed));
  const all = [...others, ...Object.entries(changed)];
  useOutput.setState(Object.fromEntries(all.slice(-keptAttempts)), true);
}

function draw(): void {
  drawing = false;
  const before = useOutput.getState();
  const changed: Record<string, KeptOutput> = {};
  for (const chunk of pushed.splice(0)) {
    const key = keyOf(chunk);
    const late = loading.get(key);
    if (late !== undefined) late.push(chunk);
    else changed[key] = grown(changed[key] ?? before[key], chunk);
  }
  if (Object.keys(changed).length > 0) put(changed);
}

/** Collects what a flood of output brings and draws it once a tenth of a second. */
export function takeOutput(chunk: OutputChunk): void {
  pushed.push(chunk);
  if (drawing) return;
  drawing = true;
  setTimeout(draw, 100);
}

/**
 * Reads an attempt's output from disk unless the window has all that it would show. `total` is
 * known once the attempt ended; then only the tail of a long output is read.
 */
export async function loadOutput(
  run: string,
  step: string,
  attempt: number,
  total: number | null,
): Promise<void> {
  const key = outputKey(run, step, attempt);
  const kept = useOutput.getState()[key];
  let from = total === null ? 0 : Math.max(0, total - keptBytes);
  const whole = kept !== undefined && kept.skipped <= from && (!kept.gap || total === null);
  if (loading.has(key) || (whole && (total === null || kept.end >= total))) return;
  loading.set(key, []);
  let read: KeptOutput = empty(from);
  try {
    for (;;) {
      const chunks = await ask('run.output', { run, step, attempt, from });
      for (const chunk of chunks) read = grown(read, chunk);
      if (read.end === from) break;
      from = read.end;
    }
    for (const late of loading.get(key) ?? []) read = grown(read, late);
    put({ [key]: read });
  } catch (thrown) {
    report(thrown);
  } finally {
    loading.delete(key);
  }
}
