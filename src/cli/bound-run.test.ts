import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, lines, muster, runbook, shellStep, summary } from './test/muster.ts';

const text = `---
runbook: 1
requires: {target: [primary]}
---
# Bound

## All
${shellStep('look', 'cat "$KUBECONFIG"; echo "config $AWS_CONFIG_FILE"')}
### Go on {id=go}
\`\`\`ask {id=go-on}
question: Go on?
\`\`\`
`;

// Some of these start a dozen commands.
describe('a run that is bound to a target', { timeout: 120_000 }, () => {
  async function waiting() {
    const home = folder();
    const places = folder();
    for (const name of ['prod', 'other']) mkdirSync(join(places, name));
    await muster(home, 'targets', 'add', 'prod-us', '--folder', join(places, 'prod'));
    await muster(home, 'targets', 'add', 'dr-eu', '--folder', join(places, 'other'));
    const file = runbook(text);
    const run = await muster(home, 'run', file, '--target', 'primary=prod-us', '--auto', '--json');
    return { home, places, run, id: summary(run.out).id };
  }

  it('shows its shells this target, and what it was in the record', async () => {
    const { home, run, id } = await waiting();
    expect(run.code).toBe(3);
    const events = lines(run.out) as { body?: { kind: string; targets?: unknown } }[];
    const created = events.find(({ body }) => body?.kind === 'run.created')?.body;
    expect(created?.targets).toMatchObject([
      { role: 'primary', name: 'prod-us', care: 'standard' },
    ]);
    const report = await muster(home, 'report', id);
    expect(report.out).toContain('kind: Config');
    expect(report.out).toContain(`config ${join(home, 'targets', id)}`);
    // The run has not ended, so a step that outlived Muster would still need them.
    expect(existsSync(join(home, 'targets', id))).toBe(true);
    const end = await muster(home, 'resume', id, '--answer', 'go-on=yes');
    expect(end.code).toBe(0);
    expect(existsSync(join(home, 'targets', id))).toBe(false);
  });

  it('is not bound anew when its target leads elsewhere or is gone', async () => {
    const { home, places, id } = await waiting();
    const resumed = () => muster(home, 'resume', id, '--answer', 'go-on=yes');
    await muster(home, 'targets', 'edit', 'prod-us', '--folder', join(places, 'other'));
    const refused = await resumed();
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('leads to another place now');
    await muster(home, 'targets', 'remove', 'prod-us');
    expect((await resumed()).err).toContain('was removed');
    // The record of the run does not need the target.
    expect((await muster(home, 'report', id)).code).toBe(0);
    expect((await muster(home, 'verify', id)).code).toBe(0);
    await muster(home, 'targets', 'add', 'prod-us', '--folder', join(places, 'prod'));
    expect((await resumed()).code).toBe(0);
  });

  it('does not begin without one, or with one that is not there', async () => {
    const home = folder();
    const file = runbook(text);
    expect((await muster(home, 'run', file, '--auto')).code).toBe(2);
    const { code, err } = await muster(home, 'run', file, '--target', 'primary=nowhere', '--auto');
    expect(code).toBe(2);
    expect(err).toContain('There is no target "nowhere".');
  });

  it('puts a critical target at risk for nobody who did not give its name', async () => {
    const home = folder();
    const place = folder();
    await muster(home, 'targets', 'add', 'prod-us', '--care', 'critical', '--folder', place);
    const file = runbook(
      `---\nrunbook: 1\nrequires: {target: [primary]}\n---\n# Drop\n\n## All\n${shellStep('drop', 'touch dropped', 'risk=destructive')}`,
    );
    const wanted = ['--target', 'primary=prod-us', '--auto', '--yes', 'destructive'];
    const run = await muster(home, 'run', file, ...wanted, '--json');
    expect(run.code).toBe(3);
    expect(summary(run.out).problem).toMatchObject({
      next: expect.stringContaining('somebody has to give the name of prod-us'),
    });
    expect(existsSync(join(dirname(file), 'dropped'))).toBe(false);
  });
});
