import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from './checks/test/listen.ts';
import { openWorkbench } from './testing.ts';

const ref = (name: string): string => `\${${name}}`;

describe('what a step would do', () => {
  it('is told before a person confirms it: nothing is sent, and no secret is said', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    const port = await listen(server);
    const bench = openWorkbench();
    onTestFinished(async () => {
      await bench.close();
      server.close();
    });
    const text = `---
runbook: 1
inputs: {TOKEN: {secret: "env:SECRET_SOURCE"}}
---
# T

## P

### Ask
\`\`\`http {id=ask timeout=30s risk=destructive}
url: http://127.0.0.1:${port}/drop/${ref('TOKEN')}
method: DELETE
\`\`\`

### Shell
\`\`\`sh {id=shell timeout=30s capture="LATER=/^later (.+)$/"}
echo later on
\`\`\`

### Later
\`\`\`http {id=later timeout=30s}
url: http://127.0.0.1:${port}/${ref('LATER')}
\`\`\`
`;
    const run = await bench.start(text, { auto: false });
    const preview = await bench.engine.preview(run, 'ask');
    expect(preview).toMatchObject({ problem: null });
    expect(preview?.text).toContain(`127.0.0.1:${port}/drop/`);
    expect(JSON.stringify(preview)).not.toContain('hunter2');
    expect(asked).toEqual([]);
    const spool = join(bench.home, 'spool', run);
    expect(existsSync(spool) ? readdirSync(spool) : []).toEqual([]);
    expect(await bench.engine.preview(run, 'shell')).toBeNull();
    expect(await bench.engine.preview(run, 'later')).toMatchObject({
      problem: { code: 'value-missing' },
    });
    expect(bench.state(run).steps.every(({ attempts }) => attempts.length === 0)).toBe(true);
    await expect(bench.engine.preview('no-such-run', 'ask')).rejects.toThrow();
  });
});
