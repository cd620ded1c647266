import { describe, expect, it } from 'vitest';
import type { RunState } from '../run/state.ts';
import { parse } from '../runbook/parse.ts';
import { backupPrefix } from './backup-prefix.ts';

const targets = ['primary', 'recovery'].map((role) => ({ role }));

/** The prefix in a runbook with these `s3` fences, for a role. */
function prefixOf(fences: string[], role = 'primary', inputs: Record<string, string> = {}) {
  const steps = fences.map(
    (body, at) => `### Step ${at}\n\n\`\`\`s3 {id=s${at}}\n${body}\n\`\`\`\n`,
  );
  const runbook = parse(
    `---\nrunbook: 1\ntitle: T\nrequires: {target: [primary, recovery]}\n---\n\n# T\n\n## P\n\n${steps.join('\n')}`,
  );
  const state = { created: { inputs, targets }, captures: {}, steps: [], scopes: {} };
  return backupPrefix(runbook, state as unknown as RunState, role);
}

describe('the place of the backups', () => {
  it('is the prefix that a step chooses from, before those of single objects', () => {
    const fences = ['verify: s3://a/x/one.dump', 'list: s3://b/list/', 'latest: s3://c/db/orders-'];
    expect(prefixOf(fences)).toEqual({ bucket: 'c', key: 'db/orders-' });
    expect(prefixOf(fences.slice(0, 2))).toEqual({ bucket: 'b', key: 'list/' });
    expect(prefixOf(fences.slice(0, 1))).toEqual({ bucket: 'a', key: 'x/' });
  });

  it('is that of the role, with the values that are known', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of a runbook
    const fences = ['latest: s3://${BUCKET}/db/', 'list: s3://copies/db/\ntarget: recovery'];
    expect(prefixOf(fences)).toBeNull();
    expect(prefixOf(fences, 'primary', { BUCKET: 'a' })).toEqual({ bucket: 'a', key: 'db/' });
    expect(prefixOf(fences, 'recovery')).toEqual({ bucket: 'copies', key: 'db/' });
  });

  it('is none where a copy goes elsewhere or no step names one', () => {
    expect(prefixOf([])).toBeNull();
    expect(prefixOf(['list: s3://copies/db/\ntarget: recovery'])).toBeNull();
  });
});
