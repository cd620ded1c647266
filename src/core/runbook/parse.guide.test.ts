import { describe, expect, it } from 'vitest';
import { doesOf } from '../run/specs.ts';
import { allSteps } from './model.ts';
import { parse } from './parse.ts';

/** Title, path and what each step does, with its lines. */
function steps(text: string) {
  return allSteps(parse(text)).map((step) => [
    step.title,
    step.path.join(' > '),
    step.action === null ? 'hand' : `${step.action.kind} ${step.action.line}`,
    `${step.range.start}-${step.range.end}`,
  ]);
}

describe('outline of a plain guide', () => {
  it('takes H1 as title, H2 as phase, H3 as step', () => {
    const text =
      '# Guide\n\nIntro.\n\n## One\n\nAbout one.\n\n### First\n\nDo it.\n\n```bash\nls\n```\n\nThen look.\n\n### Second\nBy hand.\n\n## Two\n';
    const runbook = parse(text);
    expect(runbook).toMatchObject({
      title: 'Guide',
      format: 'guide',
      intro: 'Intro.',
      introRange: { start: 1, end: 4 },
      findings: [],
      phases: [
        { title: 'One', intro: 'About one.', range: { start: 5, end: 21 } },
        { title: 'Two', intro: '', steps: [], range: { start: 22, end: 22 } },
      ],
    });
    expect(runbook.phases[0]?.steps[0]).toMatchObject({
      id: 'first',
      parts: [
        { kind: 'prose', markdown: 'Do it.', range: { start: 11, end: 11 } },
        { kind: 'action', range: { start: 13, end: 15 } },
        { kind: 'prose', markdown: 'Then look.', range: { start: 17, end: 17 } },
      ],
      action: { kind: 'shell', language: 'bash', code: 'ls', reviewed: false },
    });
    expect(steps(text)).toEqual([
      ['First', '', 'shell 13', '9-18'],
      ['Second', '', 'hand', '19-21'],
    ]);
  });

  it('puts steps before any H2 into a phase with the title of the runbook', () => {
    const runbook = parse('# Guide\n\nWhy.\n\nCheck:\n```sh\nls\n```\n### Then\nx\n## Phase\n');
    expect(runbook.phases.map((phase) => phase.title)).toEqual(['Guide', 'Phase']);
    expect(runbook.introRange).toEqual({ start: 1, end: 4 });
    expect(runbook.phases[0]?.steps.map((step) => step.title)).toEqual(['Check', 'Then']);
  });

  it.each([
    ['', 'Untitled'],
    ['text', 'Untitled'],
    ['### Only\n', 'Only'],
    ['## A\n# B *c* `d`\n', 'B c d'],
    ['Setext\n======\n', 'Setext'],
    ['# [Link](x) &amp; \\*more\\* #\n', 'Link & *more*'],
  ])('titles %j as %j', (text, title) => expect(parse(text).title).toBe(title));

  it('takes every H1 after the first for a phase', () => {
    const runbook = parse('# T\n# A\n### a\n## B\n# C\n### c\n');
    expect(runbook.phases.map((phase) => [phase.title, phase.steps.length])).toEqual([
      ['A', 1],
      ['B', 0],
      ['C', 1],
    ]);
  });

  it('carries headings that only group, and their prose, to the first step below', () => {
    const text =
      '# T\n## P\n### Group\nWhy.\n#### Inner\n##### Deep\n```bash\nls\n```\n##### Next\nx\n### Last\n';
    expect(steps(text)).toEqual([
      ['Deep', 'Group > Inner', 'shell 7', '3-9'],
      ['Next', 'Group > Inner', 'hand', '10-11'],
      ['Last', '', 'hand', '12-12'],
    ]);
    expect(parse(text).phases[0]?.steps[0]?.parts[0]).toMatchObject({
      kind: 'prose',
      markdown: 'Why.',
    });
  });

  it('keeps a heading with work of its own as a step above deeper ones', () => {
    expect(steps('## P\n### A\n```bash\nls\n```\n#### B\nx\n')).toEqual([
      ['A', '', 'shell 3', '2-5'],
      ['B', 'A', 'hand', '6-7'],
    ]);
  });

  it('makes a step of each further fence, named by what leads in', () => {
    const text = [
      '## P',
      '### Backup',
      '**Daily**:',
      '```bash',
      'daily',
      '```',
      '',
      '**By hand**:',
      '```bash',
      'hand',
      '```',
      'Expected:',
      '```',
      'ok',
      '```',
      '',
      'Now, if nothing else helped, and only then. Think first.',
      '',
      '```bash',
      '#!/bin/sh',
      '# === Last resort ===',
      'rm x',
      '```',
      '```bash',
      'set -e',
      '```',
    ].join('\n');
    expect(steps(text)).toEqual([
      ['Backup', '', 'shell 4', '2-7'],
      ['By hand', 'Backup', 'shell 9', '8-16'],
      ['Last resort', 'Backup', 'shell 19', '17-23'],
      ['set -e', 'Backup', 'shell 24', '24-26'],
    ]);
  });

  it('makes steps of fences directly under a phase', () => {
    expect(
      steps(
        '## P\n\nLong prose first. It explains.\n\n```bash\na\n```\n\nThen this:\n\n```bash\nb\n```\n',
      ),
    ).toEqual([
      ['P', '', 'shell 5', '5-8'],
      ['Then this', '', 'shell 11', '9-13'],
    ]);
    expect(steps('## P\n\nWhy.\n\n**First**:\n\n```bash\na\n```\n')).toEqual([
      ['First', '', 'shell 7', '5-9'],
    ]);
  });
});

describe('lists of a plain guide', () => {
  it('makes steps of numbered items, with the fences in them', () => {
    const text =
      '## P\n### How\nBefore.\n\n1. **Stop** it\n\n   ```bash\n   stop\n     now\n   ```\n   Wait.\n\n2. Look\n3. Say `so` to\n   all\n\nAfter.\n';
    expect(steps(text)).toEqual([
      ['Stop it', 'How', 'shell 7', '2-12'],
      ['Look', 'How', 'hand', '13-13'],
      ['Say so to all', 'How', 'hand', '14-17'],
    ]);
    const [first, , third] = allSteps(parse(text));
    expect(first?.action).toMatchObject({ code: 'stop\n  now', range: { start: 7, end: 10 } });
    expect(first?.parts).toMatchObject([
      { kind: 'prose', markdown: 'Before.' },
      { kind: 'action' },
      { kind: 'prose', markdown: 'Wait.', range: { start: 11, end: 11 } },
    ]);
    expect(third?.parts).toMatchObject([{ markdown: 'Say `so` to\nall\n\nAfter.' }]);
  });

  it('does not repeat what the title says in full', () => {
    expect(allSteps(parse('## P\n1. Just this\n2. And that\n')).map((step) => step.parts)).toEqual([
      [],
      [],
    ]);
  });

  it('gives a fence that somebody forgot to indent to its item', () => {
    expect(steps('## P\n1. One\n```bash\na\n```\n2. Two\n\n```bash\nb\n```\n')).toEqual([
      ['One', '', 'shell 3', '2-5'],
      ['Two', '', 'shell 8', '6-10'],
    ]);
  });

  it('makes a step of its own of the second fence of an item', () => {
    expect(
      steps('## P\n1. One\n   ```sh\n   a\n   ```\n   Then:\n   ```sh\n   b\n   ```\n'),
    ).toEqual([
      ['One', '', 'shell 3', '2-5'],
      ['Then', '', 'shell 7', '6-9'],
    ]);
  });

  it('takes a table of contents for prose', () => {
    const runbook = parse('# T\n\n1. [A](#a)\n   - [B](#b)\n2. [C](#c)\n\n## A\n### B\n');
    expect(runbook.intro).toContain('1. [A](#a)');
    expect(allSteps(runbook)).toHaveLength(1);
  });

  it('ticks task items one by one, wherever they are nested', () => {
    const text =
      '## P\n### S\n- [ ] one\n- [x] two\n  more\n  - [ ] three\n- no task\n\n```sh\na\n```\n\n1) [ ] other\n';
    const [step] = allSteps(parse(text));
    expect(step?.tasks).toEqual([
      { text: 'one', line: 3 },
      { text: 'two\nmore', line: 4 },
      { text: 'three', line: 6 },
    ]);
    expect(step?.parts).toMatchObject([
      { kind: 'tasks', first: 0, count: 3, range: { start: 3, end: 6 } },
      { kind: 'prose', markdown: '- no task' },
      { kind: 'action' },
    ]);
  });

  it('finds fences in bullets and in quotes', () => {
    const text =
      '## P\n### S\n- Do:\n  ```bash\n  a\n  ```\n- Do again:\n  ```bash\n  b\n  ```\n\n> Maybe:\n> ```sh\n> c\n> d\n> ```\n';
    expect(steps(text)).toEqual([
      ['S', '', 'shell 4', '2-6'],
      ['Do again', 'S', 'shell 8', '7-11'],
      ['Maybe', 'S', 'shell 13', '12-16'],
    ]);
    expect(allSteps(parse(text))[2]?.action).toMatchObject({ code: 'c\nd' });
  });

  it('makes a step with the title of the phase of tasks directly under it', () => {
    expect(steps('## Check\n\nLook:\n\n- [ ] a\n')).toEqual([['Check', '', 'hand', '3-5']]);
  });
});

describe('fences of a plain guide', () => {
  it.each([
    ['bash', 'bash'],
    ['Bash', 'bash'],
    ['sh', 'sh'],
    ['shell', 'sh'],
    ['bash title="x" {1,3}', 'bash'],
    ['shell {linenos=true hl_lines=[2]}', 'sh'],
  ])('runs %s as %s', (info, language) => {
    const runbook = parse(`### S\n\`\`\`${info}\nls\n\`\`\`\n`);
    expect(allSteps(runbook)[0]?.action).toMatchObject({ language, reviewed: false });
    expect(runbook.findings).toEqual([]);
  });

  it.each(['yaml', 'python', '', 'ask', 'zsh', 'text', 'console'])('only shows %s', (info) => {
    const text = `### S\n\`\`\`${info}\nls\n\`\`\`\n`;
    expect(allSteps(parse(text))[0]).toMatchObject({
      action: null,
      parts: [
        { kind: 'prose', markdown: `\`\`\`${info}\nls\n\`\`\``, range: { start: 2, end: 4 } },
      ],
    });
  });

  it.each([
    ['sql', 'sql'],
    ['PostgreSQL', 'sql'],
    ['mysql', 'sql'],
    ['promql', 'prometheus'],
  ])('shows %s as a query for a person', (info, kind) => {
    const step = allSteps(parse(`### S\n\`\`\`${info}\nDELETE x\n\`\`\`\n`))[0];
    expect(step).toMatchObject({
      action: { kind, language: info.toLowerCase(), code: 'DELETE x', reviewed: false, line: 2 },
      parts: [{ kind: 'action', range: { start: 2, end: 4 } }],
      risk: kind === 'sql' ? 'destructive' : 'safe',
    });
    expect(doesOf(step?.action ?? null)).toBe('hand');
  });

  it('runs the commands behind prompts, and keeps their output apart', () => {
    const code = (info: string, body: string) =>
      allSteps(parse(`### S\n~~~${info}\n${body}\n~~~\n`))[0]?.action;
    expect(code('console', '$ a \\\n> b\n\n$ c')).toMatchObject({
      code: 'a \\\nb\n\nc',
      language: 'sh',
    });
    expect(code('bash', '$ a')).toMatchObject({ code: 'a', language: 'bash' });
    expect(code('bash', '$ a\nNAME  READY\n\nb\n$ c\nd')).toMatchObject({
      code: 'a\nc',
      expected: 'NAME  READY\n\nb\nd',
      reviewed: false,
    });
    expect(code('bash', '$ a')).toMatchObject({ expected: null });
  });

  it('says when a fence does not end, and keeps its text', () => {
    const runbook = parse('### S\n```bash\nls\n### not a step\n');
    expect(runbook.findings).toMatchObject([
      { rule: 'unclosed-fence', severity: 'warning', line: 2 },
    ]);
    expect(allSteps(runbook)[0]?.action).toMatchObject({ code: 'ls\n### not a step' });
  });

  it('reads Runme annotations, and leaves what it does not know', () => {
    const runbook = parse(
      '### S\n```sh {"name":"load","interactive":"true","cwd":"/"}\nls\n```\n### T {#tee}\n',
    );
    expect(allSteps(runbook).map((step) => [step.id, step.title])).toEqual([
      ['load', 'S'],
      ['tee', 'T'],
    ]);
    expect(allSteps(runbook)[0]?.action).toMatchObject({ interactive: true });
    expect(runbook.findings).toEqual([]);
  });

  it('guesses the risk from the verbs, comments aside', () => {
    const risk = (code: string) => allSteps(parse(`### S\n\`\`\`bash\n${code}\n\`\`\`\n`))[0]?.risk;
    expect(risk('kubectl get pods # or delete them')).toBe('destructive');
    expect(risk('# delete\nkubectl get pods')).toBe('safe');
    for (const code of [
      'rm -rf /tmp/x',
      'psql -c "DROP TABLE a"',
      'find . -delete',
      'pg_restore d',
      'dd if=a of=b',
    ]) {
      expect(risk(code), code).toBe('destructive');
    }
    for (const code of [
      'kubectl scale deploy/a --replicas=0',
      'kubectl rollout undo d',
      'systemctl restart a',
      'kill 1',
    ]) {
      expect(risk(code), code).toBe('disruptive');
    }
    expect(risk('curl -f localhost/health')).toBe('safe');
  });

  it('reads a fence that holds fences as part of the guide', () => {
    const text =
      '# T\n## P\n### Pages\n\n```markdown\n# Page\n\n## Look\n```bash\nlook\n```\n\nText.\n\n## Act\n1. Now\n```\n\n### End\n';
    expect(steps(text)).toEqual([
      ['Look', 'Pages > Page', 'shell 9', '3-14'],
      ['Now', 'Pages > Page > Act', 'hand', '15-18'],
      ['End', '', 'hand', '19-19'],
    ]);
  });
});

describe('what a plain guide tells', () => {
  it('finds objectives in tables', () => {
    const runbook = parse(
      '## R\n\n| Part | Recovery (RTO) | RPO | How |\n|---|---|---|---|\n| **API** | 15 minutes | < 5m | a |\n| DB | soon | N/A | b |\n| DB | 1h | 1h | c |\n\n> | C | RTO |\n> |---|---|\n> | `D` | 2 h |\n\n| A | B |\n|--|--|\n| x | 1h |\n',
    );
    expect(runbook.objectives).toEqual([
      { component: 'API', rtoMs: 900_000, rpoMs: 300_000, line: 5 },
      { component: 'DB', rtoMs: null, rpoMs: null, line: 6 },
      { component: 'D', rtoMs: 7_200_000, rpoMs: null, line: 11 },
    ]);
    expect(runbook.findings.map(({ rule, line }) => [rule, line])).toEqual([
      ['no-steps', 1],
      ['objective-unreadable', 6],
    ]);
  });

  it('proposes inputs for placeholders and leaves the code alone', () => {
    const code = [
      'kubectl logs <pod-name> -n <namespace> > <file',
      'cat <<EOF',
      'restore <BACKUP_DATE> <in>out "<b>bold</b>" <pod-name>',
      'a <<-END <<< "x" 1<2>3',
    ].join('\n');
    const runbook = parse(`### S\n\`\`\`bash\n${code}\n\`\`\`\n<NOT_CODE>\n`);
    expect(runbook.inputs.map(({ name, line, proposed }) => [name, line, proposed])).toEqual([
      ['POD_NAME', 3, true],
      ['NAMESPACE', 3, true],
      ['BACKUP_DATE', 5, true],
    ]);
    expect(allSteps(runbook)[0]?.action).toMatchObject({ code });
  });

  it('makes ids that are unique and can be typed', () => {
    const text = '### 1. Schön & gut!\n### Schön gut\n### schon gut\n### 世界\n### ***\n';
    expect(allSteps(parse(text)).map((step) => step.id)).toEqual([
      'schon-gut',
      'schon-gut-2',
      'schon-gut-3',
      '世界',
      'step',
    ]);
  });

  it('reads CRLF and a byte order mark like any other text', () => {
    const text = '# T\n## P\n### S\n```bash\na\nb\n```\n- [ ] t\n';
    const windows = `\uFEFF${text.replaceAll('\n', '\r\n')}`;
    expect(parse(windows)).toEqual(parse(text));
  });
});
