import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Bridge } from '../src/shared/ipc.ts';
import { launch } from './launch.ts';

declare const window: Window & typeof globalThis & { muster: Bridge };

test('a step inherits no file and no socket of the app', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-e2e-'));
  const file = join(folder, 'files.md');
  // A program of its own looks, so that the shell opens nothing for it.
  const code = 'ls -l /proc/$$/fd';
  const fence = `\`\`\`sh {id=files timeout=1m}\n${code}\n\`\`\`\n`;
  writeFileSync(file, `---\nrunbook: 1\n---\n# Files\n\n## One\n### List\n${fence}`);
  const { page, close } = await launch({ args: [file] });
  try {
    await expect(page.getByRole('button', { name: 'Start run' })).toBeVisible();
    const output = await page.evaluate(runAndRead, file);
    const open = [...output.matchAll(/(\d+) -> (.+)$/gm)].map(
      ([, number = '', target = '']) => [Number(number), target] as const,
    );
    expect(open.length).toBeGreaterThan(2);
    // Its output goes to its own supervisor, through one pipe.
    const isOutput = (number: number): boolean => number === 1 || number === 2;
    const outputs = open.flatMap(([number, target]) => (isOutput(number) ? [target] : []));
    expect(outputs).toEqual([outputs[0], outputs[0]]);
    expect(outputs[0]).toMatch(/^pipe:/);
    const foreign = open.filter(
      ([number, to]) => !isOutput(number) && to !== '/dev/null' && !to.includes('/spool/'),
    );
    expect(foreign).toEqual([]);
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** In the page: runs the file by itself and returns what its one step printed. */
async function runAndRead(path: string): Promise<string> {
  const ask = async <T>(name: string, payload?: unknown): Promise<T> => {
    const reply = (await window.muster.request(name, payload)) as { value: T };
    return reply.value;
  };
  const { sha256 } = await ask<{ sha256: string }>('runbook.open', { path });
  const { run } = await ask<{ run: string }>('run.start', {
    path,
    sha256,
    mode: 'drill',
    inputs: {},
    auto: true,
    allow: 'safe',
    targets: {},
    only: null,
  });
  for (let look = 0; look < 100; look += 1) {
    const { summary } = await ask<{ summary: { outcome: string | null } }>('run.get', {
      run,
      whole: false,
    });
    if (summary.outcome !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const chunks = await ask<{ text: string }[]>('run.output', {
    run,
    step: 'files',
    attempt: 1,
    from: 0,
  });
  return chunks.map(({ text }) => text).join('');
}
