import { describe, expect, it } from 'vitest';
import { allSteps, type Finding } from './model.ts';
import { parse } from './parse.ts';

const HEAD = '---\nrunbook: 1\n---\n';

function muster(body: string) {
  return parse(`${HEAD}${body}`);
}

function rules(body: string): [string, string, number, number][] {
  return muster(body).findings.map(({ rule, severity, line, column }) => [
    rule,
    severity,
    line,
    column,
  ]);
}

const DRILL = `---
runbook: 1
title: ignored
objectives:
  - {component: Database, rto: 30m, rpo: 1h}
inputs:
  backup: {default: latest}
---
# Restore
## Find {if="backup == 'latest'"}
### Declare {id=say declares}
By phone.
### Choose
\`\`\`ask {id=go}
question: Go on?
choices: {yes: Go on, no: Stop}
\`\`\`
### Newest
\`\`\`sh {id=find timeout=1m capture=KEY capture="AT=/at (\\S+)/" capture="N=#/items/0/n"}
newest
\`\`\`
## Load
### Load it
\`\`\`bash {id=load timeout=20m risk=destructive retries=2 backoff=5s undo=drop if="go == 'yes' and N > 0" continue-on-error proves=Database recovery-point=AT}
load "$KEY"
\`\`\`
1. this is
2. explained
- [ ] The count is right
### Drop
\`\`\`bash {id=drop timeout=5m interactive}
drop
\`\`\`
`;

describe("Muster's own format", () => {
  it('reads every attribute of this version without a finding', () => {
    const runbook = parse(DRILL);
    expect(runbook.findings).toEqual([]);
    expect(runbook).toMatchObject({ title: 'Restore', format: 'muster' });
    expect(runbook.phases.map(({ title, condition }) => [title, condition])).toEqual([
      ['Find', "backup == 'latest'"],
      ['Load', null],
    ]);
    const [say, go, find, load, drop] = allSteps(runbook);
    expect(say).toMatchObject({ id: 'say', title: 'Declare', declares: true, action: null });
    expect(go).toMatchObject({
      id: 'go',
      title: 'Choose',
      action: {
        kind: 'ask',
        question: 'Go on?',
        choices: [
          { value: 'yes', label: 'Go on' },
          { value: 'no', label: 'Stop' },
        ],
        pattern: null,
        reviewed: true,
      },
    });
    expect(find?.action).toMatchObject({
      language: 'sh',
      captures: [
        { name: 'KEY', from: { how: 'last-line' } },
        { name: 'AT', from: { how: 'pattern', pattern: 'at (\\S+)' } },
        { name: 'N', from: { how: 'pointer', pointer: '/items/0/n' } },
      ],
    });
    expect(load).toMatchObject({
      id: 'load',
      timeoutMs: 1_200_000,
      risk: 'destructive',
      retries: 2,
      backoffMs: 5000,
      undo: { how: 'step', step: 'drop' },
      condition: "go == 'yes' and N > 0",
      continueOnError: true,
      proves: ['Database'],
      recoveryPoint: 'AT',
      tasks: [{ text: 'The count is right' }],
      parts: [
        { kind: 'action' },
        { kind: 'prose', markdown: '1. this is\n2. explained' },
        { kind: 'tasks', count: 1 },
      ],
    });
    expect(drop?.action).toMatchObject({ interactive: true, reviewed: true });
  });

  it('keeps a numbered list as steps where its heading has no action', () => {
    const runbook = muster('## P\n### Call\n1. One\n2. Two\n');
    expect(allSteps(runbook).map((step) => [step.title, step.path])).toEqual([
      ['One', ['Call']],
      ['Two', ['Call']],
    ]);
  });

  it('gives safe as the risk where none is set', () => {
    expect(allSteps(muster('### A\n```sh {timeout=1s}\nrm -rf x\n```\n'))[0]?.risk).toBe('safe');
  });

  it('does not read nested fences in a special way', () => {
    const runbook = muster('### A\n```markdown\n```sh {timeout=1s}\nx\n```\n');
    expect(allSteps(runbook)[0]?.action).toBeNull();
  });

  it.each<[string, string, [string, string, number, number][]]>([
    ['no steps', 'text', [['no-steps', 'warning', 1, 1]]],
    ['no timeout', '### A\n```sh\na\n```', [['missing-timeout', 'warning', 5, 1]]],
    ['two ids', '### A {id=x}\n### B {id=x}', [['duplicate-id', 'error', 5, 8]]],
    [
      'an unknown attribute',
      '### A\n```sh {timeout=1m colour=red}\na\n```',
      [['unknown-attribute', 'warning', 5, 19]],
    ],
    ['a need that is nowhere', '### A {needs=b}', [['undefined-name', 'error', 4, 8]]],
    [
      'needs in a circle',
      '## P {parallel}\n### A {id=a needs=b}\n### B {id=b needs=a}',
      [
        ['undefined-name', 'error', 5, 13],
        ['undefined-name', 'error', 6, 13],
      ],
    ],
    ['no list', '### A {each="X of Y"}', [['bad-attribute', 'error', 4, 8]]],
    ['a list that is nowhere', '### A {each="X in Y"}', [['undefined-name', 'error', 4, 8]]],
    ['a person who polls', '### A {until}', [['bad-action', 'error', 4, 8]]],
    [
      'a key that no wait has',
      '### A\n```wait {id=w timeout=1m}\nfor: 5s\nfro: 5s\n```',
      [['bad-action', 'error', 7, 1]],
    ],
    [
      'a reference to nothing',
      `### A\n\`\`\`wait {id=w timeout=1m}\nfor: \${PAUSE}\n\`\`\``,
      [['undefined-name', 'error', 5, 1]],
    ],
    [
      'an approval of nothing',
      '### A\n```approve\nby: [ann]\n```',
      [['bad-action', 'error', 6, 1]],
    ],
    [
      'a call of no runbook',
      '### A\n```runbook\nfile: x.txt\n```',
      [['bad-action', 'error', 6, 7]],
    ],
    [
      'bad values',
      '### A\n```sh {timeout=5 risk=high retries=-1 capture=1x id=é!}\na\n```',
      [
        ['missing-timeout', 'warning', 5, 1],
        ['bad-attribute', 'error', 5, 8],
        ['bad-attribute', 'error', 5, 18],
        ['bad-attribute', 'error', 5, 28],
        ['bad-attribute', 'error', 5, 39],
        ['bad-attribute', 'error', 5, 50],
      ],
    ],
    ['open braces', '### A\n```sh {timeout=1m\na\n```', [['bad-attribute', 'error', 5, 18]]],
    ['a value twice', '### A {declares id=a id=b}', [['bad-attribute', 'error', 4, 22]]],
    [
      'heading and fence at odds',
      '### A {timeout=1m}\n```sh {timeout=2m}\na\n```',
      [['bad-attribute', 'warning', 4, 8]],
    ],
    ['a bad condition', '### A {if="a = 1"}', [['bad-expression', 'error', 4, 8]]],
    ['an undefined name', '### A {if="a == 1"}', [['undefined-name', 'error', 4, 8]]],
    ['an undefined name of a phase', '## P {if=a}\n### A', [['undefined-name', 'error', 4, 7]]],
    ['an undo that is nowhere', '### A {undo=b}', [['undefined-name', 'error', 4, 8]]],
    ['an undo of itself', '### A {id=a undo=a}', [['undefined-name', 'error', 4, 13]]],
    ['no such capture', '### A {recovery-point=T}', [['undefined-name', 'error', 4, 8]]],
    [
      'kinds of a later version',
      '### A\n```pwsh {id=q}\nGet-Date\n```\n```sql\nshown\n```',
      [['kind-not-supported', 'warning', 5, 4]],
    ],
    [
      'an unknown kind',
      '### A\n```cobol {id=q}\nx\n```',
      [['kind-not-supported', 'warning', 5, 4]],
    ],
    [
      'destruction without a way back',
      '### A {risk=destructive}',
      [['destructive-without-undo', 'warning', 4, 8]],
    ],
    ['an unknown component', '### A {proves=Db}', [['proves-unknown', 'warning', 4, 8]]],
    ['an open fence', '### A\n```yaml\nx', [['unclosed-fence', 'warning', 5, 1]]],
    ['an ask without a question', '### A\n```ask\nchoices: [a]\n```', [['bad-ask', 'error', 5, 4]]],
    ['an empty ask', '### A\n```ask\n```', [['bad-ask', 'error', 5, 4]]],
    ['an ask of bad YAML', '### A\n```ask\nquestion: "x\n```', [['bad-ask', 'error', 6, 13]]],
    [
      'an ask with strange choices',
      '### A\n```ask\nquestion: a\nchoices: [[x]]\nmore: 1\n```',
      [
        ['bad-ask', 'error', 7, 1],
        ['bad-ask', 'warning', 8, 1],
      ],
    ],
    [
      'an ask with a bad pattern',
      '### A\n```ask\nquestion: a\npattern: "("\n```',
      [['bad-pattern', 'error', 7, 10]],
    ],
  ])('reports %s', (_, body, expected) => expect(rules(body)).toEqual(expected));

  it('reports an objective that no step proves', () => {
    const text = '---\nrunbook: 1\nobjectives: [{component: Db, rto: 1h}]\n---\n### A\n';
    expect(parse(text).findings).toMatchObject([{ rule: 'objective-without-proof', line: 3 }]);
  });

  it('asks for no undo where a question comes before', () => {
    expect(rules('### Q\n```ask {id=q}\nquestion: Sure?\n```\n### A {risk=destructive}')).toEqual(
      [],
    );
  });

  it('keeps the id of a step that is done by hand for now', () => {
    const [first, second] = allSteps(
      muster('## P\n### A\n```pwsh {id=a}\nx\n```\n\nThen:\n```pwsh {id=b}\ny\n```'),
    );
    expect([first?.id, second?.id, second?.title]).toEqual(['a', 'b', 'Then']);
    expect(second?.parts).toMatchObject([
      { kind: 'prose', markdown: 'Then:\n```pwsh {id=b}\ny\n```' },
    ]);
  });

  it('says in every finding what is wrong and what to do', () => {
    const runbook = muster(
      '### A {id=x id=y timeout=z if="(" undo=q nope}\n```ask\n```\n```sql {id=x}\n',
    );
    expect(runbook.findings.length).toBeGreaterThan(5);
    for (const finding of runbook.findings satisfies Finding[]) {
      expect(finding.message).toMatch(/^\S.*[.…:)"]$/);
      expect(finding.remedy).toMatch(/\.$/);
    }
  });
});
