import { z } from 'zod';
import { problemSchema } from '../core/problem.ts';
import {
  actResultSchema,
  doesSchema,
  outlineEntrySchema,
  runCreatedSchema,
  runModeSchema,
  valueSchema,
} from '../core/run/events.ts';
import type { Attempt, RunState } from '../core/run/state.ts';
import { riskSchema } from '../core/runbook/model.ts';

/** The state of a run as it comes to the window; `core/run/state.ts` says what each field means. */

const text = z.string();
const byAt = z.object({ by: text, at: text });
const values = z.record(text, valueSchema);
const texts = z.record(text, text);

export const attemptSchema: z.ZodType<Attempt> = z.object({
  number: z.number(),
  startedAt: text,
  by: text,
  endedAt: text.nullable(),
  startedAheadMs: z.number(),
  endedAheadMs: z.number(),
  endedBy: text.nullable(),
  result: actResultSchema.nullable(),
  outcome: z
    .enum(['succeeded', 'failed', 'cancelled', 'unknown', 'not-started', 'interrupted', 'not-yet'])
    .nullable(),
  problem: problemSchema.nullable(),
  resolved: byAt.extend({ as: z.enum(['succeeded', 'failed', 'retry']), reason: text }).nullable(),
});

const stepSchema = z.object({
  id: text,
  title: text,
  phase: text,
  does: doesSchema,
  risk: riskSchema,
  status: z.enum([
    'pending',
    'running',
    'waiting',
    'succeeded',
    'failed',
    'skipped',
    'cancelled',
    'unknown',
  ]),
  attempts: z.array(attemptSchema),
  ticks: z.array(byAt.nullable()),
  answer: valueSchema.nullable(),
  skipped: byAt
    .extend({ cause: z.enum(['condition', 'needs', 'selection', 'person']), reason: text })
    .nullable(),
  loop: z.object({ name: text, items: z.array(text) }).nullable(),
  approval: z.object({ approver: text, method: z.enum(['pin', 'file']), at: text }).nullable(),
  undone: byAt.nullable(),
});

const placed = byAt.extend({ step: text.nullable() });

export const runStateSchema: z.ZodType<RunState> = z.object({
  id: text,
  created: runCreatedSchema,
  createdAt: text,
  steps: z.array(stepSchema),
  layout: z.array(outlineEntrySchema),
  auto: z.boolean(),
  allow: riskSchema,
  declaredAt: text.nullable(),
  proofs: z.record(text, z.object({ at: text, step: text, shiftMs: z.number() })),
  recoveryPoint: z.object({ at: text, step: text }).nullable(),
  captures: texts,
  scopes: z.record(text, z.object({ inputs: values, captures: texts })),
  notes: z.array(placed.extend({ text })),
  attachments: z.array(
    placed.extend({ name: text, mediaType: text, bytes: z.number(), sha256: text }),
  ),
  overran: z.boolean(),
  paused: byAt.extend({ cause: z.enum(['person', 'timeout']), reason: text }).nullable(),
  pauses: z.array(z.object({ from: text, to: text.nullable(), reason: text, by: text })),
  undo: byAt.extend({ reason: text, ends: z.boolean(), steps: z.array(text) }).nullable(),
  shiftMs: z.number(),
  declaredShiftMs: z.number(),
  sleptMs: z.number(),
  handedOver: byAt.extend({ to: text, reason: text }).nullable(),
  sessions: z.array(byAt.extend({ surface: z.enum(['app', 'cli']) })),
  ended: byAt
    .extend({
      outcome: z.enum(['succeeded', 'failed', 'aborted']),
      reason: text.nullable(),
      remains: z.array(text),
    })
    .nullable(),
  lastSeq: z.number(),
  lastHash: text,
  lastTime: text,
  mode: runModeSchema,
});
