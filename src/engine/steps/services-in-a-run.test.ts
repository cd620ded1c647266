import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverPrograms, startServer, type TestServer } from '../databases/test/server.ts';
import type { TargetBinding } from '../targets/bound.ts';
import { openWorkbench } from '../testing.ts';

const ref = (name: string): string => `\${${name}}`;

const RUNBOOK = `---
runbook: 1
title: T
requires: {target: true}
inputs: {WHO: {default: "o'brien'; drop table people; --"}}
---
# T

## P

### Find

\`\`\`sql {id=find expect="rows == 1" capture="AGE=age" capture="FOUND=rows"}
select age, name from people where name = ${ref('WHO')}
\`\`\`

### Check

\`\`\`check {id=check}
checks:
  - name: People
    sql: {query: "select count(*) from people where age = ${ref('AGE')}", expect: value == 1}
capture: {HEALTHY: healthy}
\`\`\`

### Tell

\`\`\`notify {id=tell}
title: ${ref('FOUND')} found, ${ref('HEALTHY')} healthy
channels: [screen]
\`\`\`
`;

describe.skipIf(serverPrograms() === null)('steps on services in a run', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
    await server.sql(
      `create table people (name text, age int);
       insert into people values ('o''brien''; drop table people; --', 41)`,
    );
  });
  afterAll(() => server.stop());

  it('take values and hand results on', async () => {
    const shown: string[] = [];
    const snapshots: TargetBinding['snapshots'] = [];
    const none = async (): Promise<never> => {
      throw new Error('nothing of this kind is bound');
    };
    const bench = openWorkbench({
      notify: ({ title }) => shown.push(title),
      bindTargets: async () => ({
        snapshots,
        target: () => ({
          name: 'test',
          care: 'practice',
          namespace: null,
          kubernetes: none,
          objectStore: none,
          database: async () => server.connection,
        }),
        environment: {},
        secrets: [],
        proveShell: async () => [],
        close: async () => undefined,
      }),
    });
    writeFileSync(
      join(bench.home, 'notify.yaml'),
      'channels: {screen: {kind: desktop}}\nroutes: {info: [screen]}\n',
    );
    const run = await bench.start(RUNBOOK, { targets: { primary: 'test' } });
    const state = await bench.until(run, ({ ended }) => ended !== null);
    expect(bench.output(run, 'find')).toContain('(1 row');
    expect(state.captures).toMatchObject({ AGE: '41', FOUND: '1', HEALTHY: '1' });
    expect(shown).toEqual(['[INFO] 1 found, 1 healthy']);
    expect(await server.sql('select count(*) from people')).toBe('1');
    await bench.close();
  });
});
