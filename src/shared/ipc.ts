import { z } from 'zod';
import { imageTypes, largestAttachment } from '../core/attachments/attachment.ts';
import { libraryFiltersSchema } from '../core/library/filters.ts';
import { libraryHitSchema } from '../core/library/hit.ts';
import { noteHitSchema } from '../core/library/note-hit.ts';
import { liveViewSchema, podNameSchema } from '../core/live/view.ts';
import { problemSchema } from '../core/problem.ts';
import { comparisonSchema } from '../core/review/comparison.ts';
import { reviewSchema, reviewStateSchema } from '../core/review/state.ts';
import { commandSchema } from '../core/run/commands.ts';
import { estimatesSchema } from '../core/run/estimates.ts';
import { runEventSchema, runModeSchema, valueSchema } from '../core/run/events.ts';
import { findingSchema, riskSchema, runbookSchema } from '../core/runbook/model.ts';

import { targetCheckSchema } from '../core/targets/check.ts';
import { discoveredSchema } from '../core/targets/discovered.ts';
import { pinSchema } from '../core/targets/identity.ts';
import { targetNameSchema, targetSchema } from '../core/targets/target.ts';
import { firstPushes, firstRequests, runSummarySchema } from './first-screen.ts';
import { attemptSchema, runStateSchema } from './run-state.ts';

/**
 * The whole contract between the main process and the renderer: every channel, with the schema of
 * what goes in and what comes out. Main parses every request (the renderer is untrusted), the
 * renderer parses every answer. Ids and paths are opaque to the renderer; times are UTC ISO 8601.
 */

const runId = z.string().min(1).max(64);
const terminalId = z.string().min(1).max(64);

export { type LibraryEntry, libraryEntrySchema } from '../core/library/entry.ts';
export { type LibraryFilters, libraryFiltersSchema } from '../core/library/filters.ts';
export { type LibraryHit, libraryHitSchema } from '../core/library/hit.ts';
export { type NoteHit, noteHitSchema } from '../core/library/note-hit.ts';
export {
  type AppInfo,
  type LibraryGroup,
  type Reply,
  type RunSummary,
  runSummarySchema,
  type Settings,
  settingsSchema,
} from './first-screen.ts';

/** What git says of a folder; `dirty` is null where finding out would not be safe. */
export const folderInGitSchema = z.object({
  branch: z.string().nullable(),
  dirty: z.boolean().nullable(),
});
export type FolderInGit = z.infer<typeof folderInGitSchema>;

/** The last commit that changed a file. */
export const lastChangeSchema = z.object({
  author: z.string(),
  at: z.iso.datetime(),
  subject: z.string(),
});
export type LastChange = z.infer<typeof lastChangeSchema>;

export const openRunbookSchema = z.object({
  path: z.string(),
  text: z.string(),
  /** SHA-256 (hex) of the file's bytes. */
  sha256: z.string(),
  runbook: runbookSchema,
});
export type OpenRunbook = z.infer<typeof openRunbookSchema>;

export { type Measure, measureSchema } from '../core/run/objectives.ts';

export const runViewSchema = z.object({
  summary: runSummarySchema,
  /** Parsed from the text that was kept with the run, not from the file of today. */
  runbook: runbookSchema,
  /** The fold of its events so far. */
  state: runStateSchema,
  /** False where of each step only the last attempt is there, so that a long run is seen at once. */
  isWhole: z.boolean(),
});
export type RunView = z.infer<typeof runViewSchema>;

/**
 * A stretch of an attempt's output, after redaction. `at` is its byte offset in all of the output,
 * what was left out of a long one included.
 */
export const outputChunkSchema = z.object({
  run: z.string(),
  step: z.string(),
  attempt: z.number().int().positive(),
  /** `evidence` shows what was done; it is no line of the output. */
  stream: z.enum(['out', 'err', 'terminal', 'evidence']),
  at: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  text: z.string(),
  /** Shown behind it until the next chunk of its stream; not kept, because it may begin a secret. */
  ahead: z.string(),
});
export type OutputChunk = z.infer<typeof outputChunkSchema>;

/** How far a running step has come. */
export const stepProgressSchema = z.object({
  run: z.string(),
  step: z.string(),
  label: z.string(),
  done: z.number(),
  total: z.number().nullable(),
  unit: z.enum(['bytes', 'rows', 'objects', 'ms']),
});
export type StepProgress = z.infer<typeof stepProgressSchema>;

export { type TargetCheck, targetCheckSchema } from '../core/targets/check.ts';
export { type Discovered, discoveredSchema } from '../core/targets/discovered.ts';

/** A target and what is pinned to it. Secrets stand in it by reference alone. */
export const keptTargetSchema = z.object({ target: targetSchema, pins: z.array(pinSchema) });
export type KeptTarget = z.infer<typeof keptTargetSchema>;

/** As much of an evidence as is shown, in bytes. */
export const largestEvidence = 4 * 1024 * 1024;

/** What is known of the vault: names, and never a value. */
export const vaultStatusSchema = z.object({
  state: z.enum(['missing', 'locked', 'unlocked']),
  /** The system's key store opens this vault without its passphrase. */
  keyStore: z.boolean(),
  /** The system has a key store that keeps a secret; else it offers plain text alone. */
  opensBySystem: z.boolean(),
  entries: z.array(
    // Null where the entry is damaged.
    z.object({ name: z.string(), changedAt: z.iso.datetime().nullable() }),
  ),
  /** How long it stays unlocked without use. */
  idleMs: z.number().int().positive(),
});
export type VaultStatus = z.infer<typeof vaultStatusSchema>;

const none = z.undefined();
const path = z.string().min(1).max(4096);
const exportFormat = z.enum(['html', 'pdf']);
const reviewedFile = z.object({ path, sha256: z.string().length(64) });

/** What adopting a plain guide would write. */
export const adoptionSchema = z.object({
  /** A file that is not there yet. */
  file: z.string(),
  /** An earlier copy of the guide, which stays; null when there is none. */
  earlier: z.string().nullable(),
  /** Between the guide and its copy. */
  comparison: comparisonSchema,
  guesses: z.number().int().nonnegative(),
});
export type Adoption = z.infer<typeof adoptionSchema>;

/** The review state of a text at a path, with the approvals behind it, newest first. */
export const runbookReviewSchema = reviewStateSchema.extend({ history: z.array(reviewSchema) });
export type RunbookReview = z.infer<typeof runbookReviewSchema>;

/** A colleague who may approve steps on this machine; nothing that helps to guess a PIN. */
export const personSchema = z.object({
  name: z.string(),
  /** SHA-256 (hex) of the public key, or null. */
  key: z.string().nullable(),
  hasPin: z.boolean(),
  createdAt: z.iso.datetime(),
});
export type Person = z.infer<typeof personSchema>;

const roleName = z.string().min(1).max(200);
const passphrase = z.string().max(1000);

/** Requests: the renderer asks, main answers. */
export const requests = {
  ...firstRequests,
  /** Main shows the folder dialog; null when it was dismissed. */
  'library.addFolder': { in: none, out: z.string().nullable() },
  'library.addDroppedFolder': { in: z.object({ path }), out: z.string() },
  'library.removeFolder': { in: z.object({ path }), out: none },
  /**
   * Runbooks with all of the words, best first, and notes of runs with all of them, newest first;
   * marks are offsets. Any text is a query. Filters are about the runbook that a run was started from.
   */
  'library.search': {
    in: z.object({ query: z.string().max(1000), filters: libraryFiltersSchema }),
    out: z.object({
      hits: z.array(libraryHitSchema),
      more: z.boolean(),
      notes: z.array(noteHitSchema),
      moreNotes: z.boolean(),
    }),
  },
  /** Null for a folder that is in no repository, and where there is no git. */
  'library.git': { in: z.object({ path }), out: folderInGitSchema.nullable() },
  'library.pin': { in: z.object({ path, pinned: z.boolean() }), out: none },
  /** Main shows the file dialog; null when it was dismissed. */
  'runbook.choose': { in: none, out: z.string().nullable() },
  /** Reads one `.md` or `.markdown` file of at most 32 MB. Never writes. */
  'runbook.open': { in: z.object({ path }), out: openRunbookSchema },
  /** What lint finds outside of exactly this text: links to nowhere, and shellcheck's findings. */
  'runbook.lint': { in: reviewedFile, out: z.array(findingSchema) },
  /** Writes into the file that the command whose fence begins on `line` is reviewed. */
  'runbook.markReviewed': {
    in: reviewedFile.extend({ line: z.number().int().positive() }),
    out: none,
  },
  /** What adopting this plain guide would write; writes nothing. */
  'runbook.adoption': { in: reviewedFile, out: adoptionSchema },
  /** Writes the annotated copy as a new file beside the guide, and returns its path. */
  'runbook.adopt': { in: reviewedFile, out: z.string() },
  /** Opens the file in the program that the system has for Markdown. */
  'runbook.edit': { in: z.object({ path }), out: none },
  /** Main shows the save dialog; null when it was dismissed, else the path written. */
  'runbook.export': { in: z.object({ path, format: exportFormat }), out: z.string().nullable() },
  /** Shows the system's print dialog; false when it was dismissed. */
  'runbook.print': { in: z.object({ path }), out: z.boolean() },
  /** All runbooks of a folder of the library in one file, behind an index. */
  'library.export': {
    in: z.object({ path, format: exportFormat }),
    out: z.object({ file: z.string(), runbooks: z.number(), unread: z.number() }).nullable(),
  },
  'review.get': { in: reviewedFile, out: runbookReviewSchema },
  /** What changed between the text approved last and this one; null when none was approved. */
  'review.difference': {
    in: reviewedFile,
    out: z.object({ review: reviewSchema, comparison: comparisonSchema }).nullable(),
  },
  /** Approves exactly the text with this hash, in the operator's name. */
  'review.approve': {
    in: reviewedFile.extend({ comment: z.string().max(4000) }),
    out: runbookReviewSchema,
  },
  'runbook.lastChange': { in: z.object({ path }), out: lastChangeSchema.nullable() },
  /** Starts a run of exactly the text with this hash, and drives it from this window. */
  'run.start': {
    in: z.object({
      path,
      sha256: z.string().length(64),
      mode: runModeSchema,
      inputs: z.record(z.string(), valueSchema),
      auto: z.boolean(),
      allow: riskSchema,
      /** The target of each role, by name. */
      targets: z.record(z.string(), z.string()),
      /** Only these steps; null for all. */
      only: z.array(z.string()).nullable(),
    }),
    out: z.object({ run: z.string() }),
  },
  /** Unless `whole`, a long run may come with the last attempt of each step alone; see `RunView`. */
  'run.get': { in: z.object({ run: runId, whole: z.boolean() }), out: runViewSchema },
  /** All attempts of a step. */
  'run.attempts': {
    in: z.object({ run: runId, step: z.string() }),
    out: z.array(attemptSchema),
  },
  /** Events of a run after event `after`, in order; at most 1,000. */
  'run.ledger': {
    in: z.object({
      run: runId,
      after: z.number().int().nonnegative(),
      count: z.number().int().positive().max(1_000),
    }),
    out: z.array(runEventSchema),
  },
  /** Takes up a run that nobody drives: re-attaches to its processes and goes on. */
  'run.resume': { in: z.object({ run: runId }), out: none },
  'run.command': { in: z.object({ run: runId, command: commandSchema }), out: none },
  /**
   * What this step would change if it ran now; changes nothing. Null where that cannot be known, as of
   * a shell command.
   */
  'run.preview': {
    in: z.object({ run: runId, step: z.string() }),
    out: z
      .object({
        text: z.string(),
        /** A difference or a payload; null where there is none. */
        detail: z.string().nullable(),
        /** Why it would fail now, or why it cannot be known; else null. */
        problem: problemSchema.nullable(),
      })
      .nullable(),
  },
  /** Output of one attempt from byte `from` on; at most 1 MB an answer, ask again from the end. */
  'run.output': {
    in: z.object({
      run: runId,
      step: z.string(),
      attempt: z.number().int().positive(),
      from: z.number().int().nonnegative(),
    }),
    out: z.array(outputChunkSchema),
  },
  /** The text of one evidence of an attempt, from byte `at`; as the record names it. */
  'run.evidence': {
    in: z.object({
      run: runId,
      step: z.string(),
      attempt: z.number().int().positive(),
      at: z.number().int().nonnegative(),
      bytes: z.number().int().nonnegative().max(largestEvidence),
    }),
    out: z.object({ text: z.string() }),
  },
  /** How long the steps of a rehearsed run took when the same runbook was run before. */
  'run.estimates': { in: z.object({ run: runId }), out: estimatesSchema },
  /** Main shows the save dialog; null when it was dismissed, else the path written. */
  'report.save': {
    in: z.object({ run: runId, format: z.enum(['html', 'md', 'json']) }),
    out: z.string().nullable(),
  },
  /**
   * Recomputes the run's record; `bad` is the first event that does not fit, `signed` up to where a
   * signature vouches for it.
   */
  'run.verify': {
    in: z.object({ run: runId }),
    out: z.object({
      events: z.number().int().nonnegative(),
      bad: z.object({ seq: z.number().int(), why: z.string() }).nullable(),
      signed: z
        .object({ upTo: z.number().int(), fingerprint: z.string(), isOwn: z.boolean() })
        .nullable(),
      /** The key lies in a file and not in the system's key store. */
      keyInFile: z.boolean(),
    }),
  },
  /** Keeps a file with the run or one of its steps. */
  'attachment.add': {
    in: z.object({
      run: runId,
      step: z.string().nullable(),
      name: z.string().max(1000),
      bytes: z
        .instanceof(Uint8Array)
        .refine(({ length }) => length <= largestAttachment, 'larger than can be attached'),
    }),
    out: none,
  },
  /** A picture of at most 5 MB, to be shown; null for what is larger or no picture. */
  'attachment.picture': {
    in: z.object({ run: runId, sha256: z.string().length(64) }),
    out: z.object({ mediaType: z.enum(imageTypes), base64: z.base64() }).nullable(),
  },
  /** Main shows the save dialog; null when it was dismissed, else the path written. */
  'attachment.save': {
    in: z.object({ run: runId, sha256: z.string().length(64) }),
    out: z.string().nullable(),
  },
  'people.list': { in: none, out: z.array(personSchema) },
  /** What a colleague has to sign, as text for mail or chat. */
  'approval.request': {
    in: z.object({ run: runId, step: z.string() }),
    out: z.object({ text: z.string() }),
  },
  /** Main shows the save dialog; null when it was dismissed, else the bundle that was written. */
  'run.handOver': {
    in: z.object({
      run: runId,
      to: z.string().min(1).max(200),
      reason: z.string().min(1).max(4000),
      passphrase,
    }),
    out: z.string().nullable(),
  },
  /** Main shows the file dialog; null when it was dismissed. */
  'run.chooseBundle': { in: none, out: z.string().nullable() },
  /** `back`: it was handed over from this very machine. */
  'run.takeOver': {
    in: z.object({ file: path, passphrase, back: z.boolean() }),
    out: z.object({ run: z.string() }),
  },
  /** A shell of the operator's, with the run's environment when a run is named. */
  'terminal.open': {
    in: z.object({
      run: runId.nullable(),
      columns: z.number().int().min(2).max(1000),
      rows: z.number().int().min(2).max(1000),
    }),
    out: z.object({ terminal: z.string(), title: z.string() }),
  },
  /**
   * Main sends the page a port to the process that owns the terminals (`terminal-port.ts`). False
   * when there is no such process.
   */
  'terminal.connect': { in: none, out: z.boolean() },
  'terminal.write': {
    in: z.object({ terminal: terminalId, data: z.string().max(1_000_000) }),
    out: none,
  },
  'terminal.resize': {
    in: z.object({
      terminal: terminalId,
      columns: z.number().int().min(2).max(1000),
      rows: z.number().int().min(2).max(1000),
    }),
    out: none,
  },
  'terminal.close': { in: z.object({ terminal: terminalId }), out: none },
  'targets.list': { in: none, out: z.array(keptTargetSchema) },
  /** Contexts and profiles of this machine. Names alone. */
  'targets.discover': { in: none, out: discoveredSchema },
  'targets.add': { in: targetSchema, out: none },
  /** What is pinned stays pinned. */
  'targets.change': { in: targetSchema, out: none },
  'targets.remove': { in: z.object({ name: targetNameSchema }), out: none },
  /** Asks every part who it is; pins what never was, and with `accept` also what differs. */
  'targets.check': {
    in: z.object({ name: targetNameSchema, accept: z.boolean() }),
    out: targetCheckSchema,
  },
  'vault.status': { in: none, out: vaultStatusSchema },
  /** Makes an empty vault and leaves it unlocked. */
  'vault.create': { in: z.object({ passphrase }), out: none },
  'vault.unlock': { in: z.object({ passphrase }), out: none },
  'vault.lock': { in: none, out: none },
  /** Keeps a value under a name; it is never sent back. */
  'vault.set': {
    in: z.object({ name: z.string().max(300), value: z.string().max(1_000_000) }),
    out: none,
  },
  'vault.remove': { in: z.object({ name: z.string().max(300) }), out: none },
  /**
   * Watches the target that a run driven here has in this role, and no other one any more. What is
   * seen is read with `live.read` after each `live.changed`.
   */
  'live.open': {
    in: z.object({
      run: runId,
      role: roleName,
      /** False: only whether it answers, now and then. */
      all: z.boolean(),
    }),
    out: none,
  },
  'live.close': { in: none, out: none },
  /** Null where nothing is watched. Of the followed log the lines from this number on. */
  'live.read': {
    in: z.object({ logFrom: z.number().int().nonnegative() }),
    out: liveViewSchema.nullable(),
  },
  /** Follows the log of this pod of the watched namespace, and of no other; null of none. */
  'live.logs': { in: z.object({ pod: podNameSchema.nullable() }), out: none },
  'clipboard.write': { in: z.object({ text: z.string().max(10_000_000) }), out: none },
  'clipboard.read': { in: none, out: z.object({ text: z.string() }) },
  /** Opens an http or https address in the operator's browser, after main asked. */
  'link.open': { in: z.object({ url: z.string().max(4096) }), out: none },
} as const satisfies Record<string, { in: z.ZodType; out: z.ZodType }>;

/** Pushes: main tells, the renderer listens. */
export const pushes = {
  ...firstPushes,
  'run.events': z.object({ run: z.string(), events: z.array(runEventSchema) }),
  'run.output': outputChunkSchema,
  'run.progress': stepProgressSchema,
  /** Ends a stretch of news of runs; to be answered with `run.heard`. */
  'run.told': z.object({ number: z.number().int().positive() }),
  'targets.changed': none,
  /** What is watched has changed. Not told again before `live.read` was asked. */
  'live.changed': none,
  /** The file that was opened last is not the one that was read any more. */
  'runbook.changed': z.object({ path: z.string() }),
  'terminal.opened': z.object({
    terminal: z.string(),
    title: z.string(),
    run: z.string().nullable(),
    step: z.string().nullable(),
  }),
  'terminal.exited': z.object({ terminal: z.string(), exitCode: z.number().int().nullable() }),
  /** The process that owns the terminals ended, and all of them with it. */
  'terminal.lost': none,
} as const satisfies Record<string, z.ZodType>;

export type RequestName = keyof typeof requests;
export type RequestIn<N extends RequestName> = z.infer<(typeof requests)[N]['in']>;
export type RequestOut<N extends RequestName> = z.infer<(typeof requests)[N]['out']>;
export type PushName = keyof typeof pushes;
export type PushPayload<N extends PushName> = z.infer<(typeof pushes)[N]>;

/** What the preload script puts on `window.muster`, and nothing else. */
export interface Bridge {
  request(name: string, payload: unknown): Promise<unknown>;
  /** Returns the function that ends the subscription. */
  listen(name: string, listener: (payload: unknown) => void): () => void;
  /** The path of a file that the operator dropped on the window. */
  pathOfDropped(file: unknown): string;
}
