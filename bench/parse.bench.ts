import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { parse } from '../src/core/runbook/parse.ts';
import { goal, median } from './measure.ts';

/**
 * Reading a file: all that Muster does (blocks, phases, steps, attributes, findings) against
 * remark-parse alone, which gives a tree of Markdown and no more. Files are made here.
 * Goal: at most 1.5 times.
 */
const ROUNDS = 9;

const guide = (sections: number): string =>
  `# Operations guide\n\nWhat this is about, and *whom* to call.\n\n${Array.from(
    { length: sections },
    (_, i) =>
      `## Part ${i}\n\nProse that explains **why**, with a [link](https://example.test/${i}) and \`code\`.\nIt goes on for a second line, as guides do.\n\n| Component | RTO | RPO |\n|---|---|---|\n| Service ${i} | 30 minutes | 5 minutes |\n\n### Look at it\n\n\`\`\`bash\nkubectl get pods -n shop-${i}\nkubectl logs deploy/shop-${i} | tail\n\`\`\`\n\n1. First do this.\n2. Then that:\n   \`\`\`bash\n   systemctl status shop-${i}\n   \`\`\`\n\n- [ ] The page loads\n- [ ] Orders come in\n\n`,
  ).join('')}`;

const runbook = (steps: number): string =>
  `---\nrunbook: 1\ntitle: Restore\n---\n# Restore\n\n## All\n\n${Array.from(
    { length: steps },
    (_, i) =>
      `### Step ${i}\n\nWhy it is done, in one sentence.\n\n\`\`\`bash {id=s${i} timeout=1m risk=safe capture="ROWS_${i}=/rows=(\\d+)/"}\n./step.sh ${i}\n\`\`\`\n\n`,
  ).join('')}`;

const files: [string, string][] = [
  ['guide, 20 parts', guide(20)],
  ['guide, 500 parts', guide(500)],
  ['runbook, 30 steps', runbook(30)],
  ['runbook, 2,000 steps', runbook(2000)],
  [
    'prose',
    'A line of text with `code` and *more* in it, long enough to be read.\n\n'.repeat(3000),
  ],
];

const remark = unified().use(remarkParse);

function timed(read: (text: string) => unknown, text: string): number {
  const began = performance.now();
  read(text);
  return performance.now() - began;
}

for (const [name, text] of files) {
  const both = Array.from({ length: ROUNDS }, () => ({
    ours: timed(parse, text),
    theirs: timed((source) => remark.parse(source), text),
  }));
  const ours = median(both.map((round) => round.ours));
  const theirs = median(both.map((round) => round.theirs));
  const size = `${(text.length / 1000).toFixed(0)} kB`;
  console.log(
    `${name} (${size}): ours ${ours.toFixed(1)} ms, remark-parse ${theirs.toFixed(1)} ms`,
  );
  goal(`parse / remark-parse, ${name}`, ours / theirs, 'times', { atMost: 1.5 });
}
