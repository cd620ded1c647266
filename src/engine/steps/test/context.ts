import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Spec } from '../../../core/actions/kind.ts';
import { resolveSpec } from '../../../core/actions/references.ts';
import type { RunMode } from '../../../core/run/events.ts';
import type { Step } from '../../../core/runbook/model.ts';
import { baseEnvironment } from '../../environment.ts';
import type { BoundTarget } from '../../targets/bound.ts';
import type { Evidence, Progress, StepContext, StructuredKind } from '../structured.ts';

/** For tests: what a step was given and what it said. */
export interface TestContext<S> extends StepContext<S> {
  lines: string[];
  shown: Progress[];
  desktop: { title: string; text: string }[];
  kept: Evidence[];
  /** What was kept for the next try, the last of it. */
  before: unknown;
}

export interface TestContextOptions {
  target?: Partial<BoundTarget>;
  secrets?: Readonly<Record<string, string>>;
  values?: Readonly<Record<string, string | number | boolean>>;
  signal?: AbortSignal;
  timeoutMs?: number;
  cwd?: string;
  home?: string;
  mode?: RunMode;
  /** What an earlier try kept. */
  earlier?: unknown;
}

/** The context of one attempt, its body resolved and parsed as the engine does it. */
export function testContext<S>(
  { kind }: StructuredKind<S>,
  body: Spec,
  options: TestContextOptions = {},
): TestContext<S> {
  const resolved = resolveSpec(kind, body, options.values ?? {});
  if (!resolved.ok) throw new Error(`${resolved.missing} has no value`);
  const schema = kind.schemaFor(body);
  if (typeof schema === 'string') throw new Error(schema);
  const dir = mkdtempSync(join(tmpdir(), 'muster-step-'));
  const lines: string[] = [];
  const shown: Progress[] = [];
  const desktop: { title: string; text: string }[] = [];
  const kept: Evidence[] = [];
  const context: TestContext<S> = {
    run: 'run-1',
    mode: options.mode ?? 'drill',
    home: options.home ?? dir,
    step: { ...emptyStep, timeoutMs: options.timeoutMs ?? null },
    attempt: 1,
    spec: schema.parse(resolved.value),
    signal: options.signal ?? new AbortController().signal,
    dir,
    cwd: options.cwd ?? dir,
    env: baseEnvironment(process.env),
    log: (line) => lines.push(line),
    notify: (notification) => desktop.push(notification),
    progress: (progress) => shown.push(progress),
    evidence: (evidence) => kept.push(evidence),
    target: () => ({ ...emptyTarget, ...options.target }),
    secret: async (reference) => {
      const value = options.secrets?.[reference];
      if (value === undefined) throw new Error(`no secret ${reference}`);
      return value;
    },
    holdsSecret: (text) =>
      Object.values(options.secrets ?? {}).some((value) => text.includes(value)),
    earlier: () => options.earlier ?? null,
    keep(before) {
      context.before = JSON.parse(JSON.stringify(before));
    },
    lines,
    shown,
    desktop,
    kept,
    before: undefined,
  };
  return context;
}

const none = async (): Promise<never> => {
  throw new Error('The test binds nothing of this kind');
};

const emptyTarget: BoundTarget = {
  name: 'test',
  care: 'practice',
  namespace: null,
  kubernetes: none,
  objectStore: none,
  database: none,
};

const emptyStep: Step = {
  id: 'step',
  title: 'Step',
  path: [],
  line: 1,
  range: { start: 1, end: 1 },
  parts: [],
  action: null,
  tasks: [],
  risk: 'safe',
  timeoutMs: null,
  retries: 0,
  backoffMs: 0,
  continueOnError: false,
  undo: null,
  undoOnly: false,
  needs: [],
  until: null,
  each: null,
  rehearse: null,
  condition: null,
  proves: [],
  recoveryPoint: null,
  declares: false,
};
