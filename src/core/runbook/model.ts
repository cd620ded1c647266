import { z } from 'zod';
import { actionNames } from '../actions/kind.ts';
import { type Risk, riskSchema } from './risk.ts';

export { type Risk, riskSchema };

/**
 * What a runbook is after parsing. The text of the file stays the truth: every part points back
 * into it by line, and `parse` never loses a line (see `LineRange` on phases, steps and parts).
 * The schemas serve two ends: the types, and the check of what crosses IPC.
 */

/** Lines of the source, both inclusive, counted from 1. */
export const lineRangeSchema = z.object({
  start: z.number().int().positive(),
  end: z.number().int().positive(),
});
export type LineRange = z.infer<typeof lineRangeSchema>;

export const findingSchema = z.object({
  /** Stable rule name in kebab-case, such as `duplicate-id`. */
  rule: z.string(),
  /** An `error` keeps the runbook from running; it still opens as a document. */
  severity: z.enum(['error', 'warning']),
  line: z.number().int().positive(),
  column: z.number().int().positive(),
  message: z.string(),
  remedy: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

export const objectiveSchema = z.object({
  component: z.string(),
  /** Promised recovery time in ms, or null when none is promised. */
  rtoMs: z.number().nonnegative().nullable(),
  /** Promised data loss in ms, or null when none is promised. */
  rpoMs: z.number().nonnegative().nullable(),
  line: z.number().int().positive(),
});
export type Objective = z.infer<typeof objectiveSchema>;

export const inputTypeSchema = z.enum(['string', 'number', 'boolean', 'choice', 'date', 'secret']);
export const inputSpecSchema = z.object({
  /** The name of the environment variable that carries the value. */
  name: z.string(),
  type: inputTypeSchema,
  /** Default as text, as a person would type it; null when the operator must give a value. */
  default: z.string().nullable(),
  /** A regular expression (JavaScript, unanchored as written) the value must match. */
  pattern: z.string().nullable(),
  help: z.string().nullable(),
  /** The values of a `choice`. Empty for the other types. */
  choices: z.array(z.string()),
  /** A reference such as `env:NAME` or `file:PATH` for a `secret`; the value itself is never here. */
  secret: z.string().nullable(),
  /** True when Muster guessed this input from a `<PLACEHOLDER>` in a plain guide. */
  proposed: z.boolean(),
  line: z.number().int().positive(),
});
export type InputSpec = z.infer<typeof inputSpecSchema>;

export const captureSchema = z.object({
  /** The name under which later steps find the value, as an environment variable. */
  name: z.string(),
  /**
   * The last non-blank line of standard output, the first group of a pattern, or a JSON pointer;
   * of a structured action a value of its result, by name.
   */
  from: z.discriminatedUnion('how', [
    z.object({ how: z.literal('last-line') }),
    z.object({ how: z.literal('pattern'), pattern: z.string() }),
    z.object({ how: z.literal('pointer'), pointer: z.string() }),
    z.object({ how: z.literal('result'), result: z.string() }),
  ]),
});
export type Capture = z.infer<typeof captureSchema>;

export const shellActionSchema = z.object({
  kind: z.literal('shell'),
  language: z.enum(['bash', 'sh']),
  /** The commands, exactly as the fence holds them (indentation of a containing list removed). */
  code: z.string(),
  /** What the commands print, where the fence shows that behind them; null where it does not. */
  expected: z.string().nullable(),
  captures: z.array(captureSchema),
  /** Runs in the embedded terminal instead of in a session of its own. */
  interactive: z.boolean(),
  line: z.number().int().positive(),
  range: lineRangeSchema,
  /** False for the commands of a plain guide: they never run without a person's click. */
  reviewed: z.boolean(),
});
export type ShellAction = z.infer<typeof shellActionSchema>;

export const askActionSchema = z.object({
  kind: z.literal('ask'),
  language: z.literal('ask'),
  question: z.string(),
  /** Empty for a free text answer. */
  choices: z.array(z.object({ value: z.string(), label: z.string() })),
  /** For free text: a pattern the answer must match, or null. */
  pattern: z.string().nullable(),
  line: z.number().int().positive(),
  range: lineRangeSchema,
  reviewed: z.boolean(),
});
export type AskAction = z.infer<typeof askActionSchema>;

export const queryActionSchema = z.object({
  kind: z.enum(['sql', 'prometheus']),
  /** As the fence names it, such as `postgresql`. */
  language: z.string(),
  code: z.string(),
  line: z.number().int().positive(),
  range: lineRangeSchema,
  reviewed: z.boolean(),
});
/** Shown, but not carried out: a person runs it where queries are run. */
export type QueryAction = z.infer<typeof queryActionSchema>;

export const structuredActionSchema = z.object({
  kind: z.literal('structured'),
  /** Its kind; see `core/actions`. */
  language: z.enum(actionNames),
  /** The body of the fence, exactly as it holds it. */
  code: z.string(),
  /** The body as data, `${NAME}` references unresolved, without the keys that all kinds share. */
  spec: z.record(z.string(), z.unknown()),
  /** The role of the target it acts on, such as `primary`; null where the kind needs none. */
  role: z.string().nullable(),
  captures: z.array(captureSchema),
  line: z.number().int().positive(),
  range: lineRangeSchema,
  reviewed: z.boolean(),
});
/** What Muster carries out itself, without a shell. */
export type StructuredAction = z.infer<typeof structuredActionSchema>;

export const approveActionSchema = z.object({
  kind: z.literal('approve'),
  language: z.literal('approve'),
  /** The body of the fence, exactly as it holds it. */
  code: z.string(),
  /** What the second person approves, in the runbook's words. */
  statement: z.string(),
  /** Who may approve, by name; empty for anybody but the operator. */
  by: z.array(z.string()),
  line: z.number().int().positive(),
  range: lineRangeSchema,
  reviewed: z.boolean(),
});
export type ApproveAction = z.infer<typeof approveActionSchema>;

export const callActionSchema = z.object({
  kind: z.literal('call'),
  language: z.literal('runbook'),
  /** The body of the fence, exactly as it holds it. */
  code: z.string(),
  /** The called runbook's file, relative to this one's folder. */
  file: z.string(),
  /** Values for its inputs, by name, `${NAME}` references unresolved. */
  inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** What of its captures later steps find here: name here, name there. */
  captures: z.array(captureSchema),
  line: z.number().int().positive(),
  range: lineRangeSchema,
  reviewed: z.boolean(),
});
/** Another runbook, whose steps are done in this place. */
export type CallAction = z.infer<typeof callActionSchema>;

export const actionSchema = z.discriminatedUnion('kind', [
  shellActionSchema,
  askActionSchema,
  queryActionSchema,
  structuredActionSchema,
  approveActionSchema,
  callActionSchema,
]);
/** The machine part of a step: one fence. */
export type Action = z.infer<typeof actionSchema>;

export const taskSchema = z.object({
  /** Markdown of the item, without the box. */
  text: z.string(),
  line: z.number().int().positive(),
});
export type Task = z.infer<typeof taskSchema>;

export const partSchema = z.discriminatedUnion('kind', [
  /** Prose, as Markdown to render. Code that Muster does not run is prose too. */
  z.object({ kind: z.literal('prose'), markdown: z.string(), range: lineRangeSchema }),
  /** Where the step's action stands. */
  z.object({ kind: z.literal('action'), range: lineRangeSchema }),
  /** Task list items; `first` is the index of the first of them in the step's `tasks`. */
  z.object({
    kind: z.literal('tasks'),
    first: z.number().int().nonnegative(),
    count: z.number().int().positive(),
    range: lineRangeSchema,
  }),
]);
/** What a step shows, top to bottom. */
export type Part = z.infer<typeof partSchema>;

export const undoSchema = z.discriminatedUnion('how', [
  /** Another step, by its id. */
  z.object({ how: z.literal('step'), step: z.string() }),
  /** Commands, in the language of the step's own. */
  z.object({ how: z.literal('commands'), code: z.string() }),
  /** What Muster does by itself for this kind of action; see `ActionKind.undoable`. */
  z.object({ how: z.literal('auto') }),
]);
export type Undo = z.infer<typeof undoSchema>;

export const untilSchema = z.object({
  /** An expression over the captures of the try; null: until the action succeeds. */
  condition: z.string().nullable(),
  /** Pause between two tries, in ms. */
  intervalMs: z.number().positive(),
  /** How long after the first try the last one may begin, in ms. */
  deadlineMs: z.number().positive(),
});
export type Until = z.infer<typeof untilSchema>;

export const eachSchema = z.object({
  /** The name under which the step finds its item. */
  name: z.string(),
  /** The items themselves, or the input or capture that holds them. */
  of: z.discriminatedUnion('from', [
    z.object({ from: z.literal('items'), items: z.array(z.string()) }),
    z.object({ from: z.literal('value'), value: z.string() }),
  ]),
  /** How many items at the same time. */
  limit: z.number().int().positive(),
});
export type Each = z.infer<typeof eachSchema>;

export const stepSchema = z.object({
  /** Unique in the runbook: `id=`, else Runme's `name=`, else made from the title. */
  id: z.string(),
  title: z.string(),
  /** Headings between the phase and the step, outermost first. Usually empty. */
  path: z.array(z.string()),
  line: z.number().int().positive(),
  range: lineRangeSchema,
  parts: z.array(partSchema),
  /** Null for a step that is done by hand. */
  action: actionSchema.nullable(),
  tasks: z.array(taskSchema),
  risk: riskSchema,
  /** Null when the runbook sets none; the engine then applies no limit. */
  timeoutMs: z.number().positive().nullable(),
  /** How often a failed action is tried again by itself. */
  retries: z.number().int().nonnegative(),
  /** Pause before the first retry; it doubles with each one. See `run/retry.ts`. */
  backoffMs: z.number().nonnegative(),
  continueOnError: z.boolean(),
  /** What reverses this step, or null. */
  undo: undoSchema.nullable(),
  /** True for a step that is only there to reverse another: it has no turn of its own. */
  undoOnly: z.boolean(),
  /** Ids of steps of the same runbook that must have succeeded first. */
  needs: z.array(z.string()),
  /** The action is done again until it holds, or null. */
  until: untilSchema.nullable(),
  /** The step is done once for each item of a list, or null. */
  each: eachSchema.nullable(),
  /** Commands that a rehearsal runs in place of the step's own, or null. */
  rehearse: z.string().nullable(),
  /** Source of an `if=` expression, checked at parse time; see `expression.ts`. */
  condition: z.string().nullable(),
  /** Components whose recovery clock this step's success stops. */
  proves: z.array(z.string()),
  /** Name of the capture or input that holds the time of the recovered data. */
  recoveryPoint: z.string().nullable(),
  /** The success of this step is the moment the incident or drill was declared. */
  declares: z.boolean(),
});
export type Step = z.infer<typeof stepSchema>;

export const phaseSchema = z.object({
  title: z.string(),
  line: z.number().int().positive(),
  range: lineRangeSchema,
  /** Prose between the phase's heading and its first step. */
  intro: z.string(),
  condition: z.string().nullable(),
  /** How many of its steps may be under way at the same time; 1: one after the other. */
  parallel: z.number().int().positive(),
  steps: z.array(stepSchema),
});
export type Phase = z.infer<typeof phaseSchema>;

export const runbookKindSchema = z.enum([
  'restore',
  'failover',
  'maintenance',
  'incident',
  'check',
  'drill',
]);

export const calledSchema = z.object({
  title: z.string(),
  /** Where the file was. */
  path: z.string(),
  sha256: z.string(),
  inputs: z.array(inputSpecSchema),
  phases: z.array(phaseSchema),
});
/** A runbook in the place of a step. */
export type Called = z.infer<typeof calledSchema>;

export const runbookSchema = z.object({
  title: z.string(),
  /** `muster` when the front matter says `runbook: 1`; any other Markdown is a `guide`. */
  format: z.enum(['muster', 'guide']),
  kind: runbookKindSchema.nullable(),
  system: z.string().nullable(),
  owner: z.string().nullable(),
  /** How long a review stays good, in days. */
  reviewDays: z.number().positive().nullable(),
  objectives: z.array(objectiveSchema),
  inputs: z.array(inputSpecSchema),
  /** How long a run may take before it is paused, in ms; null for no limit. */
  timeoutMs: z.number().positive().nullable(),
  requires: z.object({
    target: z.boolean(),
    /** The roles of the targets that a run is bound to; the first is the one of steps without. */
    roles: z.array(z.string()),
    tools: z.array(z.string()),
    /** The practice environment the runbook runs on, started by Muster; null for real targets. */
    range: z.string().nullable(),
  }),
  /** Prose before the first phase, as Markdown. */
  intro: z.string(),
  /** Lines of the front matter and the intro; null when the file starts with a phase. */
  introRange: lineRangeSchema.nullable(),
  phases: z.array(phaseSchema),
  /**
   * The runbooks that its steps call, by the step's id; empty until they were read (`link.ts`). Their
   * steps' ids begin with that id and a slash.
   */
  called: z.record(z.string(), calledSchema),
  /** In order of line. An `error` among them keeps the runbook from running. */
  findings: z.array(findingSchema),
  /** Number of lines of the source. */
  lines: z.number().int().nonnegative(),
});
export type Runbook = z.infer<typeof runbookSchema>;

/** All steps of the runbook itself in document order, which is the order of execution. */
export function allSteps(runbook: Runbook): Step[] {
  return runbook.phases.flatMap((phase) => phase.steps);
}
