import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventBody, RunEvent } from '../run/events.ts';
import {
  acted,
  askAction,
  createdOf,
  ended,
  phaseOf,
  runbookOf,
  shellAction,
  started,
  stepOf,
  tasksOf,
  timeOf,
} from '../run/fixture.ts';
import { fold } from '../run/reduce.ts';
import { link, verifyChain } from './chain.ts';
import { readableOutput } from './readable.ts';
import { type OutputExcerpt, type ReportModel, reportJson, reportModel } from './report.ts';
import { reportHtml } from './report-html.ts';
import { reportMarkdown } from './report-markdown.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A drill with one of everything; `odd` stands wherever a person or a process may put text. */
function sample(odd: string): ReportModel {
  const runbook = runbookOf(
    [
      phaseOf(`Prepare ${odd}`, [
        stepOf('look', {
          title: `Look ${odd}`,
          action: null,
          tasks: tasksOf(`rows ${odd}`, 'size'),
        }),
        stepOf('which', { title: 'Choose', action: askAction({ question: `Which? ${odd}` }) }),
        stepOf('never', { title: 'Fail over', condition: 'FORCE' }),
      ]),
      phaseOf('Restore', [
        stepOf('load', {
          title: 'Load the dump',
          action: shellAction({ code: `gunzip -c dump\n# ${odd}\n` }),
          risk: 'destructive',
          proves: ['Database'],
        }),
      ]),
    ],
    {
      title: `Restore orders ${odd}`,
      objectives: [
        { component: `Database`, rtoMs: 1_800_000, rpoMs: 3_600_000, line: 1 },
        { component: `Queue ${odd}`, rtoMs: 60_000, rpoMs: null, line: 1 },
      ],
      inputs: [
        {
          name: 'password',
          type: 'secret',
          default: null,
          pattern: null,
          help: null,
          choices: [],
          secret: 'env:PW',
          proposed: false,
          line: 1,
        },
      ],
    },
  );
  const problem = {
    code: 'step-exited',
    what: `"Load" ended with exit code 3 ${odd}.`,
    safe: 'The old database is untouched.',
    next: 'Retry.',
  };
  const bodies: EventBody[] = [
    createdOf(runbook, {
      inputs: { password: 'env:PW', backup: `latest ${odd}` },
      host: `host ${odd}`,
      range: 'orders',
    }),
    { kind: 'run.driven', by: 'ann', surface: 'app', session: 's1' },
    { kind: 'run.declared', at: timeOf(3), by: 'ann' },
    started('look'),
    { kind: 'task.ticked', step: 'look', task: 0, done: true, by: 'bob' },
    { kind: 'task.ticked', step: 'look', task: 1, done: true, by: 'ann' },
    ended('look', 1, 'succeeded', { by: 'ann' }),
    started('which'),
    ended('which', 1, 'succeeded', { by: 'ann', answer: `left ${odd}` }),
    {
      kind: 'step.skipped',
      step: 'never',
      cause: 'condition',
      reason: `no need ${odd}`,
      by: 'muster',
    },
    { kind: 'run.paced', auto: true, allow: 'safe', by: 'ann' },
    started('load', 1, 'ann'),
    acted('load', 1, {
      outcome: 'failed',
      exitCode: 3,
      output: { bytes: 2_000_000, sha256: 'c'.repeat(64) },
    }),
    ended('load', 1, 'failed', { problem }),
    { kind: 'run.driven', by: 'ann', surface: 'cli', session: 's2' },
    started('load', 2, 'ann'),
    acted('load', 2, { captures: { ROWS: `1204 ${odd}` } }),
    ended('load', 2, 'succeeded', {
      proves: ['Database'],
      recoveryPoint: '2026-01-05T12:31:00.000Z',
    }),
    { kind: 'note.added', step: 'load', text: `The first try ended early. ${odd}`, by: 'ann' },
    { kind: 'note.added', step: null, text: `Called the owner. ${odd}`, by: 'bob' },
    { kind: 'run.ended', outcome: 'succeeded', reason: null, by: 'muster' },
  ];
  const events: RunEvent[] = [];
  for (const [index, body] of bodies.entries()) {
    const stamp = { run: 'run-1', time: timeOf(index + 1), mono: index, session: 's1' };
    events.push(link(events.at(-1) ?? null, stamp, body, sha256));
  }
  const state = fold(events);
  if (!state) throw new Error('no state');
  const outputs: Record<string, OutputExcerpt> = {
    'load 1': {
      start: `reading\n${odd}\n`,
      leftOutBytes: 1_200_000,
      end: `pg_restore: error ${odd}\n`,
      notKept: null,
    },
    'load 2': {
      start: `\u001b[32mok\u001b[0m 10%\r 100%\n${odd}\n`,
      leftOutBytes: 0,
      end: '',
      notKept: null,
    },
  };
  return reportModel({
    state,
    events,
    runbook,
    output: (step, attempt) => outputs[`${step} ${attempt}`] ?? null,
    chain: { ...verifyChain(events, sha256), signed: null },
    estimates: null,
    timeZone: 'Europe/Berlin',
    writtenAt: timeOf(60),
  });
}

describe('the model', () => {
  it('says who did what, when and how often', () => {
    const model = sample('');
    expect(model).toMatchObject({ verdict: 'unproven', chain: { events: 21, bad: null } });
    expect(model.measures).toMatchObject([
      {
        component: 'Database',
        rtoMs: 15_000,
        rpoMs: 1_743_000,
        verdict: 'met',
        proof: { step: 'Load the dump' },
      },
      { verdict: 'unproven', proof: null },
    ]);
    const [look, which, never] = model.phases[0]?.steps ?? [];
    expect(look).toMatchObject({
      who: ['ann'],
      durationMs: 3000,
      attempts: [{ outcome: 'succeeded' }],
    });
    expect(look?.tasks.map(({ ticked }) => ticked?.by)).toEqual(['bob', 'ann']);
    expect(which?.answer).toBe('left ');
    expect(never).toMatchObject({ who: ['muster'], status: 'skipped' });
    const load = model.phases[1]?.steps[0];
    expect(load).toMatchObject({ status: 'succeeded', who: ['ann'], notes: [{ by: 'ann' }] });
    expect(load?.attempts).toMatchObject([
      { exitCode: 3 },
      { exitCode: 0, captures: { ROWS: '1204 ' } },
    ]);
    expect(load?.attempts[1]?.output?.start).toBe(' 100%\n\n');
    expect(model.inputs).toContainEqual({ name: 'password', value: 'env:PW', isReference: true });
  });

  it('is what the JSON report holds', () => {
    expect(JSON.parse(reportJson(sample('"x"')))).toEqual(sample('"x"'));
  });
});

describe('the Markdown report', () => {
  it('reads like this', () => {
    expect(reportMarkdown(sample(''))).toMatchSnapshot();
  });

  it('lets no value become markup', () => {
    const text = reportMarkdown(sample('<script>x</script> | ``` [a](b) # h\n# h\n````\n* x'));
    const outside = text.split(/^(`{3,}).*\n[\s\S]*?\n\1$/m).join('');
    expect(outside).not.toMatch(/(?<!\\)<script/);
    expect(outside).not.toMatch(/^# h|^\* x/m);
    expect(outside).not.toMatch(/(?<!\\)\[a(?<!\\)\]\(b/);
  });
});

describe('the HTML report', () => {
  it('needs nothing but itself', () => {
    const html = reportHtml(sample(''));
    expect(html).not.toMatch(/<script|<link|<img|<iframe|url\(|@import|https?:/i);
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('21 events, the hash chain is unbroken');
    expect(html).toContain('14:00:03 (UTC 13:00:03)');
    expect(html).toContain('1.2 MB of 2 MB left out here');
  });

  it('lets no value become markup', () => {
    const count = (html: string): number => (html.match(/<[a-z!/]/gi) ?? []).length;
    const plain = count(reportHtml(sample('x')));
    const odd = fc.oneof(
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=y>',
        "'--><!--",
        '</style></pre>',
        '&lt;b&gt;',
      ),
      fc
        .string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '/', 'a', '!', '-', '\0', '\n') })
        .map((text) => `${text}.`),
    );
    fc.assert(
      fc.property(odd, (text) => {
        expect(count(reportHtml(sample(text)))).toBe(plain);
      }),
      { numRuns: 60 },
    );
  });
});

describe('readableOutput', () => {
  it('leaves out colours and titles, keeps the last state of a line, shows what is hidden', () => {
    expect(readableOutput('\u001b[1;31mred\u001b[0m \u001b]0;title\u0007text')).toBe('red text');
    expect(readableOutput('a\r\nb\r\n')).toBe('a\nb\n');
    expect(readableOutput(' 1%\r50%\r99%\ndone\r\n')).toBe('99%\ndone\n');
    expect(readableOutput('bell\u0007 \u202eevil')).toBe('bell\u2407 [U+202E]evil');
  });
});
