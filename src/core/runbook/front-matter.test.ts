import { describe, expect, it } from 'vitest';
import { parse } from './parse.ts';

const HEAD = '---\nrunbook: 1\n';

describe('front matter', () => {
  it('gives what it says', () => {
    const runbook = parse(
      [
        '---',
        'runbook: 1',
        'title: Restore orders',
        'kind: restore',
        'system: orders',
        'owner: platform',
        'review: 90d',
        'objectives:',
        '  - {component: Database, rto: 30m, rpo: 1 hour}',
        '  - component: Search',
        '    rto: 2h',
        'inputs:',
        '  backup: {type: string, default: latest, pattern: "^(latest|\\\\d{8})$", help: A date}',
        '  region: {type: choice, choices: [eu, us], default: eu}',
        '  password: {secret: "env:ORDERS_PASSWORD"}',
        'requires: {target: true, tools: [psql], range: practice}',
        '---',
        '',
        'No heading.',
      ].join('\n'),
    );
    expect(runbook).toMatchObject({
      title: 'Restore orders',
      format: 'muster',
      kind: 'restore',
      system: 'orders',
      owner: 'platform',
      reviewDays: 90,
      objectives: [
        { component: 'Database', rtoMs: 1_800_000, rpoMs: 3_600_000, line: 9 },
        { component: 'Search', rtoMs: 7_200_000, rpoMs: null, line: 10 },
      ],
      inputs: [
        {
          name: 'backup',
          type: 'string',
          default: 'latest',
          pattern: '^(latest|\\d{8})$',
          line: 13,
        },
        { name: 'region', type: 'choice', choices: ['eu', 'us'] },
        { name: 'password', type: 'secret', secret: 'env:ORDERS_PASSWORD', default: null },
      ],
      requires: { target: true, tools: ['psql'], range: 'practice' },
      introRange: { start: 1, end: 19 },
      intro: 'No heading.',
    });
    expect(runbook.findings.filter((finding) => finding.severity === 'error')).toEqual([]);
  });

  it.each<[string, string, number, number]>([
    ['kind: restoer', 'error', 3, 7],
    ['review: 90', 'error', 3, 9],
    ['colour: red', 'warning', 3, 1],
    ['objectives:\n  - {component: A, rto: soon}', 'error', 4, 25],
    ['objectives:\n  - {component: A, rtoo: 1h}', 'warning', 4, 20],
    ['objectives: [{component: A}, {component: A}]', 'error', 3, 42],
    ['inputs:\n  a: {type: nmber}', 'error', 4, 13],
    ['inputs:\n  "a b": {type: number}', 'error', 4, 3],
    ['inputs:\n  a: {type: choice}', 'error', 4, 6],
    ['inputs:\n  a: {secret: hunter2}', 'error', 4, 15],
    ['inputs:\n  a: {type: number, default: x}', 'error', 4, 30],
    ['requires: {tool: [x]}', 'warning', 3, 12],
    ['requires: 5', 'error', 3, 11],
  ])('places what is wrong with %j', (yaml, severity, line, column) => {
    const runbook = parse(`${HEAD}${yaml}\n---\n## A\n### B\n`);
    const found = runbook.findings.find((finding) => finding.rule === 'front-matter');
    expect(found).toMatchObject({ severity, line, column });
    expect(JSON.stringify(runbook)).not.toContain('hunter2');
    expect(runbook.format).toBe('muster');
    expect(runbook.phases[0]?.steps[0]?.title).toBe('B');
  });

  it('uses what is right beside what is wrong', () => {
    const runbook = parse(`${HEAD}title: T\nkind: 7\nowner: me\nrequires: {targt: true}\n---\n`);
    expect(runbook).toMatchObject({ title: 'T', owner: 'me', kind: null });
  });

  it('reports a pattern that is none', () => {
    const runbook = parse(`${HEAD}inputs:\n  a: {pattern: "("}\n---\n`);
    expect(runbook.findings).toContainEqual(
      expect.objectContaining({ rule: 'bad-pattern', severity: 'error', line: 4, column: 16 }),
    );
  });

  it('opens a document whose YAML is broken', () => {
    const runbook = parse(`${HEAD}title: [\n---\n# Title\n## A\n### B\n`);
    expect(runbook.findings[0]).toMatchObject({ rule: 'front-matter', severity: 'error' });
    expect(runbook).toMatchObject({ title: 'Title', format: 'muster' });
    expect(runbook.phases).toHaveLength(1);
  });

  it('says when it does not end', () => {
    const runbook = parse('---\nrunbook: 1\ntitle: X\n\n# Title\n### A\n');
    expect(runbook.findings[0]).toMatchObject({ rule: 'front-matter', line: 1 });
  });

  it.each([
    ['---\ntitle: From Hugo\ndraft: true\n---\n## A\n### B\n', 'From Hugo'],
    ['+++\ntitle = "From TOML"\n+++\n## A\n### B\n', 'From TOML'],
    ['---\n{{ template }}: [\nlayout: x\n---\n# H\n### B\n', 'H'],
  ])('leaves that of other tools alone: %j', (text, title) => {
    const runbook = parse(text);
    expect(runbook).toMatchObject({ title, format: 'guide', findings: [], intro: '' });
  });

  it('takes a rule at the top for a rule', () => {
    expect(parse('---\n\nText between rules\n\n---\n# T\n### A\n').intro).toContain(
      'Text between rules',
    );
  });

  it('survives YAML made to break parsers', () => {
    const bomb = 'a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b,*b]\n'.repeat(3);
    for (const yaml of [
      bomb,
      `x: ${'['.repeat(50_000)}`,
      '- '.repeat(5000),
      `k: ${'z'.repeat(200_000)}`,
    ]) {
      expect(parse(`${HEAD}${yaml}\n---\n`).findings.some((f) => f.severity === 'error')).toBe(
        true,
      );
    }
  });
});
