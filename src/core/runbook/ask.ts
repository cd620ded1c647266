import type { Fence } from './blocks.ts';
import type { Findings, Place } from './findings.ts';
import type { AskAction } from './model.ts';
import { patternFault } from './pattern/pattern.ts';
import { readYaml } from './yaml-source.ts';

/** Keys of an `ask` fence. */
const KEYS = ['question', 'choices', 'pattern'];

type AskBody = Pick<AskAction, 'question' | 'choices' | 'pattern'>;

/**
 * The body of an `ask` fence:
 *
 *     question: Is the primary really gone?
 *     choices: {yes: Fail over, no: Stop here}    or a list of values; absent for a free text
 *     pattern: "^INC-\\d+$"                       only for a free text
 */
export function readAsk(fence: Fence, title: string, findings: Findings): AskBody {
  const yaml = readYaml(fence.code.join('\n'), { line: fence.line + 1, column: fence.indent + 1 });
  const here = { line: fence.line, column: fence.column };
  const body: AskBody = { question: title, choices: [], pattern: null };
  const bad = (place: Place, message: string, remedy: string): void =>
    findings.error('bad-ask', place, message, remedy);
  const fault = yaml.faults[0];
  if (fault !== undefined) {
    bad(
      fault.place,
      `The question is not valid YAML: ${fault.message}`,
      'Correct this line. Texts with ":" or "#" need quotes.',
    );
    return body;
  }
  const value = yaml.value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    bad(here, 'This step asks nothing.', 'Write question: and the question.');
    return body;
  }
  const entries = new Map<string, unknown>(Object.entries(value));
  for (const key of entries.keys()) {
    if (KEYS.includes(key)) continue;
    findings.warning(
      'bad-ask',
      yaml.placeOfKey([key]),
      `Muster does not know the key "${key}" of a question.`,
      `Correct its spelling or take it out. Known are ${KEYS.join(', ')}.`,
    );
  }
  const question = entries.get('question');
  if (typeof question === 'string' && question.trim() !== '') body.question = question.trim();
  else bad(here, 'This step asks nothing.', 'Write question: and the question.');
  if (entries.has('choices')) {
    body.choices = readChoices(entries.get('choices'));
    const values = new Set(body.choices.map((choice) => choice.value));
    if (body.choices.length === 0 || values.size < body.choices.length) {
      bad(
        yaml.placeOfKey(['choices']),
        'The choices cannot be read.',
        'Write each value once, as {yes: Go on, no: Stop} or [yes, no].',
      );
    }
  }
  const pattern = entries.get('pattern');
  if (pattern !== undefined) {
    const wrong = typeof pattern === 'string' ? patternFault(pattern) : 'it is no text';
    if (wrong === null) body.pattern = String(pattern);
    else {
      findings.error(
        'bad-pattern',
        yaml.placeOf(['pattern']),
        `The pattern of this question cannot be used: ${wrong}`,
        'Correct the pattern. In double quotes each backslash is written twice.',
      );
    }
  }
  return body;
}

function readChoices(value: unknown): AskBody['choices'] {
  const text = (entry: unknown): string | null =>
    typeof entry === 'string' || typeof entry === 'number' || typeof entry === 'boolean'
      ? String(entry)
      : null;
  const pairs: [unknown, unknown][] = Array.isArray(value)
    ? value.map((entry) => [entry, entry])
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];
  const choices: AskBody['choices'] = [];
  for (const [entry, label] of pairs) {
    const key = text(entry);
    // A choice that cannot be read makes the whole list unreadable, not shorter.
    if (key === null || key === '') return [];
    choices.push({ value: key, label: text(label) ?? key });
  }
  return choices;
}
