import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fold } from '../core/run/reduce.ts';
import type { RunState } from '../core/run/state.ts';
import { parse } from '../core/runbook/parse.ts';
import { openStore, type Store } from '../store/open.ts';
import type { Engine, StartRequest } from './api.ts';
import { vaultMissing } from './credentials/failures.ts';
import { createEngine, type EngineOptions } from './engine.ts';
import { createHeadSigner } from './keys/sign-heads.ts';
import type { KeyKeeper } from './keys/signing-key.ts';
import type { OpenedRunbook } from './library/open-runbook.ts';

/** For tests: a store and an engine in a folder of their own, and runbooks made from text. */
export interface Workbench {
  home: string;
  store: Store;
  engine: Engine;
  /** Writes the text to a file and opens it. */
  runbook(text: string): OpenedRunbook;
  start(text: string, more?: Partial<Omit<StartRequest, 'opened'>>): Promise<string>;
  state(run: string): RunState;
  /** Waits until `holds` of the run's state; fails after `ms`. */
  until(run: string, holds: (state: RunState) => boolean, ms?: number): Promise<RunState>;
  output(run: string, step: string, attempt?: number): string;
  /** Lets go of everything and opens the same store again, as after a restart. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export function openWorkbench(options: Partial<EngineOptions> = {}): Workbench {
  const home = mkdtempSync(join(tmpdir(), 'muster-engine-'));
  const open = (): { store: Store; engine: Engine } => {
    const store = openStore(home);
    const engine = createEngine({
      vault: { read: () => Promise.reject(vaultMissing()) },
      store,
      operator: 'ada',
      surface: 'cli',
      version: '0.0.0',
      interactive: null,
      bindTargets: null,
      approve: null,
      notify: () => undefined,
      signHead: createHeadSigner(store, null).sign,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        SECRET_SOURCE: 'hunter2-hunter2',
        AWS_PROFILE: 'prod',
      },
      ...options,
    });
    return { store, engine };
  };
  let files = 0;
  const bench: Workbench = {
    home,
    ...open(),
    runbook(text) {
      const folder = join(home, 'runbooks');
      mkdirSync(folder, { recursive: true });
      files += 1;
      const path = join(folder, `runbook-${files}.md`);
      writeFileSync(path, text);
      const sha256 = createHash('sha256').update(text).digest('hex');
      return { path, text, sha256, runbook: parse(text) };
    },
    start: (text, more) =>
      bench.engine.start({
        opened: bench.runbook(text),
        mode: 'drill',
        inputs: {},
        auto: true,
        allow: 'destructive',
        targets: {},
        only: null,
        ...more,
      }),
    state(run) {
      const state = fold(bench.store.events.read(run));
      if (!state) throw new Error(`Run ${run} has no events`);
      return state;
    },
    async until(run, holds, ms = 15_000) {
      const deadline = Date.now() + ms;
      for (;;) {
        const state = bench.state(run);
        if (holds(state)) return state;
        if (Date.now() > deadline) {
          const steps = state.steps.map(({ id, status }) => `${id} ${status}`).join(', ');
          throw new Error(`Waited ${ms} ms in vain; steps: ${steps}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    output(run, step, attempt = 1) {
      const chunks = bench.store.outputs.read(run, step, attempt, 0, 1_000_000);
      return Buffer.concat(chunks.map((chunk) => chunk.bytes)).toString('utf8');
    },
    async reopen() {
      await bench.engine.close();
      bench.store.close();
      Object.assign(bench, open());
    },
    async close() {
      await bench.engine.close();
      bench.store.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
  return bench;
}

/** A runbook in Muster's own format from the body of its phases. */
export function annotated(body: string, front = ''): string {
  return `---\nrunbook: 1\n${front}---\n# A runbook\n\n${body}`;
}

/** One shell step. */
export function shellStep(id: string, code: string, attributes = ''): string {
  const limit = attributes.includes('timeout=') ? '' : 'timeout=30s ';
  return `### Step ${id}\n\`\`\`sh {id=${id} ${limit}${attributes}}\n${code}\n\`\`\`\n`;
}

/** A key store that only whoever has `secret` can open. */
export function keeperOf(secret: number): KeyKeeper {
  const turned = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ secret);
  return {
    seal: (text) => turned(Buffer.from(text)),
    open: (sealed) => {
      const text = Buffer.from(turned(sealed)).toString();
      return text.startsWith('-----BEGIN') ? text : null;
    },
  };
}
