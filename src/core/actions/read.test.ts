import { expect, it } from 'vitest';
import { parse } from '../runbook/parse.ts';

const errors = (body: string): string[] =>
  parse(
    `---\nrunbook: 1\ninputs: {SITE: {}}\nrequires: {target: true}\n---\n# T\n\n## P\n\n### S\n\n\`\`\`check {timeout=1m}\n${body}\n\`\`\`\n`,
  )
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);

it('lets a reference stand for any value, and for no key', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the runbook
  const url = '"${SITE}"';
  expect(errors(`checks:\n  - name: Site\n    http: {url: ${url}, within: 5s}`)).toEqual([]);
  expect(errors(`checks:\n  - name: Site\n    http: {url: ${url}, longest: 5s}`)).toEqual([
    'A check step has no key "checks.0.http.longest".',
  ]);
});
