import { z } from 'zod';
import { problemSchema } from '../problem.ts';
import { objectiveSchema, riskSchema, runbookKindSchema } from '../runbook/model.ts';
import { targetSnapshotSchema } from '../targets/snapshot.ts';
import { type RunMode, runModeSchema } from './mode.ts';

export { type RunMode, runModeSchema };

/**
 * The facts a ledger is made of. A run's state is the fold of its events and nothing else, so an
 * event carries all that the fold needs; once released, a kind and its fields stay readable for ever.
 * Times inside payloads are UTC, ISO 8601 with milliseconds.
 */

/** A target as a run is bound to it, in its role. */
export const boundTargetSchema = targetSnapshotSchema.extend({ role: z.string() });
export type TargetSnapshot = z.infer<typeof boundTargetSchema>;

/** What an input, a capture or an answer can hold. */
export const valueSchema = z.union([z.string(), z.number(), z.boolean()]);
export type Value = z.infer<typeof valueSchema>;

export const evidenceSchema = z.object({
  name: z.string(),
  mediaType: z.string(),
  at: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
});
export type EvidencePlace = z.infer<typeof evidenceSchema>;
/** What of a long output was counted and not kept: so many bytes and line ends, at one place. */
export const leftOutSchema = z.object({
  /** Offset in the kept output: the bytes before it are the start, those from it on the end. */
  at: z.number().int().nonnegative(),
  bytes: z.number().int().positive(),
  lines: z.number().int().nonnegative(),
});

export type LeftOut = z.infer<typeof leftOutSchema>;

export const actResultSchema = z.object({
  outcome: z.enum(['succeeded', 'failed', 'cancelled', 'timed-out']),
  /** Null when the process ended by a signal or never began. */
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  /** Wall time of the action in ms, as recorded by its own session. */
  durationMs: z.number().nonnegative(),
  /** The output as kept: bytes after redaction, and their SHA-256 in hex. */
  output: z.object({
    bytes: z.number().int().nonnegative(),
    sha256: z.string(),
    leftOut: leftOutSchema.optional(),
  }),
  captures: z.record(z.string(), z.string()),
  problem: problemSchema.nullable(),
  /** True where a rehearsal only said what would be done. */
  rehearsed: z.literal(true).optional(),
  /** What a structured action did, in one sentence. */
  summary: z.string().optional(),
  /** What a check found. */
  verdict: z.enum(['healthy', 'degraded', 'unhealthy']).optional(),
  /** What shows it: stretches of the kept output, by byte, of its stream `evidence`. */
  evidence: z.array(evidenceSchema).optional(),
  /** What undoing needs to know, as one of the evidences; by its index. */
  before: z.number().int().nonnegative().optional(),
});
export type ActResult = z.infer<typeof actResultSchema>;

/**
 * Who carries a step out: a shell, Muster itself (`action`), a person who answers, approves or does
 * it by hand; or it is a place for others: the steps of another runbook, the items of a list.
 */
export const doesSchema = z.enum(['shell', 'action', 'ask', 'approve', 'hand', 'call', 'loop']);
export type Does = z.infer<typeof doesSchema>;

/** A step as the ledger knows it, so that it can be read without the runbook. */
export const outlineEntrySchema = z.object({
  id: z.string(),
  title: z.string(),
  phase: z.string(),
  does: doesSchema,
  risk: riskSchema,
  tasks: z.number().int().nonnegative(),
});
export type OutlineEntry = z.infer<typeof outlineEntrySchema>;

const step = z.string();
const attempt = z.number().int().positive();
/** The operator's name, or `muster` for what the engine did by itself. */
const by = z.string();

export const runCreatedSchema = z.object({
  kind: z.literal('run.created'),
  title: z.string(),
  /** Where the file was; the text itself is kept in the store under its SHA-256. */
  path: z.string().nullable(),
  sha256: z.string(),
  runbookKind: runbookKindSchema.nullable(),
  mode: runModeSchema,
  /** Secrets appear by reference only. */
  inputs: z.record(z.string(), valueSchema),
  objectives: z.array(objectiveSchema.omit({ line: true })),
  /** The steps in order, those of called runbooks behind the step that calls them. */
  outline: z.array(outlineEntrySchema),
  /** The runbooks that are called, by the step that does; their texts are kept like the main one. */
  called: z.array(z.object({ step: z.string(), path: z.string(), sha256: z.string() })).optional(),
  /** How long the run may take before it is paused, in ms. */
  timeoutMs: z.number().positive().optional(),
  /** The targets that the run is bound to, by role, as they were at its start. */
  targets: z.array(boundTargetSchema).optional(),
  /** The practice range the run is bound to, or null. */
  range: z.string().nullable(),
  operator: by,
  host: z.string(),
  /** Muster's own version. */
  version: z.string(),
});

export const eventBodySchema = z.discriminatedUnion('kind', [
  runCreatedSchema,
  /** A process began to drive the run: the first start, or a resumption after a stop or a crash. */
  z.object({
    kind: z.literal('run.driven'),
    by,
    surface: z.enum(['app', 'cli']),
    /** Distinguishes sessions whose monotonic clocks cannot be compared. */
    session: z.string(),
  }),
  /** Auto mode carries on by itself up to and including risk `allow`; step mode asks each time. */
  z.object({ kind: z.literal('run.paced'), auto: z.boolean(), allow: riskSchema, by }),
  /** The recovery clocks start. `at` may lie before the event for an incident declared by phone. */
  z.object({ kind: z.literal('run.declared'), at: z.iso.datetime(), by }),
  z.object({
    kind: z.literal('step.started'),
    step,
    attempt,
    by,
    /** Of a call: the inputs of the called runbook. Secrets by reference only. */
    inputs: z.record(z.string(), valueSchema).optional(),
  }),
  /** A step with a list began: one step an item, `outline` in their order. */
  z.object({
    kind: z.literal('step.expanded'),
    step,
    attempt,
    /** The name under which each of them finds its item. */
    name: z.string(),
    items: z.array(z.string()),
    outline: z.array(outlineEntrySchema),
    by,
  }),
  /** A second person approved a step that waits for it. `statement`: SHA-256 of what they were shown. */
  z.object({
    kind: z.literal('step.approved'),
    step,
    attempt,
    approver: z.string(),
    method: z.enum(['pin', 'file']),
    statement: z.string(),
    key: z.string().nullable(),
    signature: z.string().nullable(),
  }),
  /** A step that had its end has its turn again: one that was skipped, or done and to be done anew. */
  z.object({ kind: z.literal('step.reopened'), step, reason: z.string(), by }),
  /** The machine part of an attempt ended. */
  z.object({ kind: z.literal('step.acted'), step, attempt, result: actResultSchema }),
  z.object({
    kind: z.literal('step.ended'),
    step,
    attempt,
    /**
     * `not-started`: proven that nothing of the attempt ran, so the step is ready again.
     * `interrupted`: it ended with Muster, and doing it again does no harm: ready again.
     * `not-yet`: what `until=` waits for does not hold yet; tried again after the interval.
     * `unknown`: the end cannot be proven; only a person resolves it.
     */
    outcome: z.enum([
      'succeeded',
      'failed',
      'cancelled',
      'unknown',
      'not-started',
      'interrupted',
      'not-yet',
    ]),
    by,
    answer: valueSchema.nullable(),
    /** Components whose clock this success stops. */
    proves: z.array(z.string()),
    /** Time of the recovered data that this success proved. */
    recoveryPoint: z.iso.datetime().nullable(),
    problem: problemSchema.nullable(),
    /** Of a call or a list: what later steps find of its steps' captures. */
    captures: z.record(z.string(), z.string()).optional(),
  }),
  /** A person's word on a step whose end is unknown. `retry` makes it ready again. */
  z.object({
    kind: z.literal('step.resolved'),
    step,
    attempt,
    as: z.enum(['succeeded', 'failed', 'retry']),
    reason: z.string(),
    by,
    proves: z.array(z.string()),
    recoveryPoint: z.iso.datetime().nullable(),
  }),
  z.object({
    kind: z.literal('step.skipped'),
    step,
    /**
     * `condition`: its `if=` was false. `needs`: a step that it needs did not succeed.
     * `selection`: the run was started without it. `person`: somebody chose to, and said why.
     */
    cause: z.enum(['condition', 'needs', 'selection', 'person']),
    reason: z.string(),
    by,
  }),
  z.object({
    kind: z.literal('task.ticked'),
    step,
    task: z.number().int().nonnegative(),
    done: z.boolean(),
    by,
  }),
  z.object({
    kind: z.literal('note.added'),
    /** Null for a note on the whole run. */
    step: z.string().nullable(),
    text: z.string(),
    by,
  }),
  z.object({
    kind: z.literal('attachment.added'),
    step: z.string().nullable(),
    attachment: z.object({
      name: z.string(),
      mediaType: z.string(),
      bytes: z.number().int().nonnegative(),
      sha256: z.string(),
    }),
    by,
  }),
  /** Nothing new begins; what runs goes on, and the clocks too. */
  z.object({
    kind: z.literal('run.paused'),
    cause: z.enum(['person', 'timeout']),
    reason: z.string(),
    by,
  }),
  z.object({ kind: z.literal('run.resumed'), reason: z.string().nullable(), by }),
  /**
   * What was done is taken back, newest first: the steps of `outline`, whose ids are `~` and the id
   * of the step each reverses. `ends`: the run ends with it, or goes on.
   */
  z.object({
    kind: z.literal('undo.begun'),
    ends: z.boolean(),
    reason: z.string(),
    outline: z.array(outlineEntrySchema),
    by,
  }),
  /** The wall clock was set: forward (positive) or back, in ms, between the event before and this one. */
  z.object({ kind: z.literal('clock.jumped'), ms: z.number() }),
  /** The machine slept, in ms. */
  z.object({ kind: z.literal('machine.slept'), ms: z.number().nonnegative() }),
  /** Another operator goes on with the run elsewhere; here it is only read from now on. */
  z.object({
    kind: z.literal('run.handed-over'),
    to: z.string(),
    bundle: z.string(),
    reason: z.string(),
    by,
  }),
  z.object({
    kind: z.literal('run.taken-over'),
    from: z.object({ operator: z.string(), host: z.string() }),
    by,
    host: z.string(),
  }),
  z.object({
    kind: z.literal('run.ended'),
    outcome: z.enum(['succeeded', 'failed', 'aborted']),
    reason: z.string().nullable(),
    by,
    /** After an undo: the steps whose change could not be taken back. */
    remains: z.array(z.string()).optional(),
  }),
]);
/** What happened, without its place in the ledger. */
export type EventBody = z.infer<typeof eventBodySchema>;
export type EventKind = EventBody['kind'];

export const runEventSchema = z.object({
  run: z.string(),
  /** From 1, without gaps. */
  seq: z.number().int().positive(),
  /** Wall clock, UTC. */
  time: z.iso.datetime(),
  /** Monotonic milliseconds within `session`; comparable only inside one session. */
  mono: z.number().nonnegative(),
  session: z.string(),
  body: eventBodySchema,
  /** SHA-256 (hex) of the previous event; 64 zeros for the first. */
  prev: z.string(),
  /** SHA-256 (hex) of this event's canonical form without `hash`; see `ledger/chain.ts`. */
  hash: z.string(),
});
/** One line of a run's ledger. */
export type RunEvent = z.infer<typeof runEventSchema>;

/** The payload of one kind of event. */
export type BodyOf<K extends EventKind> = Extract<EventBody, { kind: K }>;
