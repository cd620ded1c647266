import { z } from 'zod';
import { problemSchema } from '../problem.ts';
import { objectiveSchema, riskSchema, runbookKindSchema } from '../runbook/model.ts';

/**
 * The facts a ledger is made of. A run's state is the fold of its events and nothing else, so an
 * event carries all that the fold needs; once released, a kind and its fields stay readable for ever.
 * Times inside payloads are UTC, ISO 8601 with milliseconds.
 */

export const runModeSchema = z.enum(['rehearsal', 'drill', 'incident', 'maintenance']);
export type RunMode = z.infer<typeof runModeSchema>;

/** What an input, a capture or an answer can hold. */
export const valueSchema = z.union([z.string(), z.number(), z.boolean()]);
export type Value = z.infer<typeof valueSchema>;

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
});
export type ActResult = z.infer<typeof actResultSchema>;

const step = z.string();
const attempt = z.number().int().positive();
/** The operator's name, or `muster` for what the engine did by itself. */
const by = z.string();

export const eventBodySchema = z.discriminatedUnion('kind', [
  z.object({
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
    /** The steps in order, so that the ledger can be read without the runbook. */
    outline: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        phase: z.string(),
        does: z.enum(['shell', 'ask', 'hand']),
        risk: riskSchema,
        tasks: z.number().int().nonnegative(),
      }),
    ),
    /** The practice range the run is bound to, or null. */
    range: z.string().nullable(),
    operator: by,
    host: z.string(),
    /** Muster's own version. */
    version: z.string(),
  }),
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
  }),
  /** The machine part of an attempt ended. */
  z.object({ kind: z.literal('step.acted'), step, attempt, result: actResultSchema }),
  z.object({
    kind: z.literal('step.ended'),
    step,
    attempt,
    /**
     * `not-started`: proven that nothing of the attempt ran, so the step is ready again.
     * `unknown`: the end cannot be proven; only a person resolves it.
     */
    outcome: z.enum(['succeeded', 'failed', 'cancelled', 'unknown', 'not-started']),
    by,
    answer: valueSchema.nullable(),
    /** Components whose clock this success stops. */
    proves: z.array(z.string()),
    /** Time of the recovered data that this success proved. */
    recoveryPoint: z.iso.datetime().nullable(),
    problem: problemSchema.nullable(),
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
    /** `condition`: its `if=` was false. `person`: somebody chose to, and said why. */
    cause: z.enum(['condition', 'person']),
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
    kind: z.literal('run.ended'),
    outcome: z.enum(['succeeded', 'failed', 'aborted']),
    reason: z.string().nullable(),
    by,
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
