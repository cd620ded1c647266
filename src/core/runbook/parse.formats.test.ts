import { describe, expect, it } from 'vitest';
import { allSteps } from './model.ts';
import { parse } from './parse.ts';
import { expectSound } from './test/sound.ts';

/** Guides as other people and tools write them. */

const titles = (text: string) => {
  expectSound(text);
  const runbook = parse(text);
  expect(runbook.format).toBe('guide');
  return [
    runbook.title,
    ...runbook.phases.map((phase) => [phase.title, ...phase.steps.map((step) => step.title)]),
  ];
};

describe('guides of any shape', () => {
  it.each([
    [
      'skipped levels',
      '# T\n#### A\nx\n## P\n##### B\nx\n### C\nx\n',
      ['T', ['T', 'A'], ['P', 'B', 'C']],
    ],
    ['no H1', '## P\n### A\nx\n## Q\n', ['P', ['P', 'A'], ['Q']]],
    ['no H1, no H2', '#### A\nx\n###### B\nx\n', ['A', ['A', 'B']]],
    ['several H1', '# T\n# P\n## Q\n### A\nx\n# R\n1. B\n', ['T', ['P'], ['Q', 'A'], ['R', 'B']]],
    ['an H1 that comes late', '## P\n### A\nx\n# T\n### B\nx\n', ['T', ['P', 'A'], ['T', 'B']]],
    ['no headings', 'Text.\n\n1. A\n2. B\n', ['Untitled', ['Untitled', 'A', 'B']]],
  ])('reads %s', (_, text, expected) => expect(titles(text)).toEqual(expected));

  it.each([
    [
      'Jekyll',
      '---\nlayout: post\ntitle: "Wiki: restore"\ntags: [a, b]\n---\n## P\n',
      'Wiki: restore',
    ],
    ['Hugo (TOML)', '+++\ntitle = "Wiki"\ndraft = false\n[menu]\nx = 1\n+++\n## P\n', 'Wiki'],
    [
      'Hugo (YAML)',
      '---\ntitle: Wiki\ndate: 2026-03-29T00:00:00Z\nmenu: {main: {weight: 1}}\n---\n## P\n',
      'Wiki',
    ],
    [
      'Docusaurus',
      '---\nid: wiki\ntitle: Wiki\nsidebar_label: W\nhide_title: true\n---\n## P\n',
      'Wiki',
    ],
    [
      'a key that looks like ours',
      '---\nkind: Deployment\nreview: never\ninputs: 3\ntitle: Wiki\n---\n## P\n',
      'Wiki',
    ],
    ['a wrong one', '---\ntitle: [\nlayout: x\n---\n## P\n', 'P'],
  ])('leaves the front matter of %s alone', (_, text, title) => {
    expect(titles(text)).toEqual([title, ['P']]);
    const { findings, introRange, kind, inputs } = parse(text);
    expect(findings.map(({ rule }) => rule)).toEqual(['no-steps']);
    expect({ kind, inputs }).toEqual({ kind: null, inputs: [] });
    expect(introRange?.start).toBe(1);
  });

  it('shows HTML as prose and reads no step in it', () => {
    const text =
      '# T\n## P\n<details>\n<summary>Old</summary>\n### not a step\n</details>\n\n<!--\n```bash\nno\n```\n-->\n\n### S\n<b>x</b>\n';
    expect(titles(text)).toEqual(['T', ['P', 'S']]);
    expect(parse(text).phases[0]?.intro).toContain('```bash');
  });

  it('reads what stands in details between blank lines', () => {
    const text = '## P\n<details>\n\n### S\n```bash\nls\n```\n\n</details>\n';
    expect(allSteps(parse(text))).toMatchObject([{ title: 'S', action: { code: 'ls' } }]);
  });

  it('shows indented code, and runs none of it', () => {
    const text = '## P\n### S\nRun\n\n    rm -rf /\n    ```bash\n\n\tls\n';
    expectSound(text);
    expect(allSteps(parse(text))).toMatchObject([
      { action: null, parts: [{ kind: 'prose', markdown: expect.stringContaining('rm -rf /') }] },
    ]);
  });

  it('keeps several commands in one fence together, tildes and longer fences too', () => {
    const text = '### S\n~~~bash\na\n\nb\n```\nc\n~~~\n````sh\nd\n```\n````\n';
    expectSound(text);
    expect(allSteps(parse(text)).map(({ action }) => action)).toMatchObject([
      { code: 'a\n\nb\n```\nc' },
      { code: 'd\n```' },
    ]);
  });
});
