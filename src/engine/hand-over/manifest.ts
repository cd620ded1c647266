import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonical } from '../../core/ledger/canonical.ts';
import type { RunEvent } from '../../core/run/events.ts';
import type { RunRow, Store } from '../../store/open.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * What a bundle holds. It follows from the run's record alone, so that a bundle that was lost can
 * be written again with the same manifest. The event of the hand-over names its SHA-256, and is
 * itself the one event that the manifest does not count.
 */
export const manifestSchema = z.strictObject({
  format: z.literal('muster-hand-over'),
  version: z.literal(1),
  run: z.strictObject({
    id: z.string().min(1).max(100),
    sha256: hash,
    title: z.string(),
    path: z.string().nullable(),
    createdAt: z.iso.datetime(),
  }),
  to: z.string(),
  reason: z.string(),
  by: z.string(),
  /** Events before the hand-over, and the hash of the last of them. */
  events: z.number().int().positive(),
  head: hash,
  texts: z.array(hash),
  outputs: z.array(
    z.strictObject({
      step: z.string(),
      attempt: z.number().int().positive(),
      bytes: z.number().int().nonnegative(),
    }),
  ),
  attachments: z.array(hash),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** `events`: those before the hand-over. */
export function manifestOf(
  store: Store,
  row: RunRow,
  events: Iterable<RunEvent>,
  words: Pick<Manifest, 'to' | 'reason' | 'by'>,
): Manifest {
  const texts = new Set([row.sha256]);
  const attachments = new Set<string>();
  let count = 0;
  let head = '';
  for (const { seq, hash, body } of events) {
    count = seq;
    head = hash;
    if (body.kind === 'run.created') for (const { sha256 } of body.called ?? []) texts.add(sha256);
    if (body.kind === 'step.approved') texts.add(body.statement);
    if (body.kind === 'attachment.added') attachments.add(body.attachment.sha256);
  }
  const { id, sha256, title, path, createdAt } = row;
  return {
    format: 'muster-hand-over',
    version: 1,
    run: { id, sha256, title, path, createdAt },
    ...words,
    events: count,
    head,
    texts: [...texts],
    outputs: store.outputs.attempts(id).map(({ step, attempt }) => ({
      step,
      attempt,
      bytes: store.outputs.size(id, step, attempt).kept,
    })),
    attachments: [...attachments],
  };
}

export function manifestHash(manifest: Manifest): string {
  return createHash('sha256').update(canonical(manifest)).digest('hex');
}
