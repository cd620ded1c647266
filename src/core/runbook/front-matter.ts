import type { z } from 'zod';
import { parseDuration } from '../units.ts';
import type { Findings } from './findings.ts';
import { type FrontMatter, frontMatterSchema } from './front-matter-schema.ts';
import { CHOICES_REMEDY, inputSchema, readInputs, SECRET_REMEDY } from './input-specs.ts';
import { isBlank } from './lines.ts';
import { inputTypeSchema, type Runbook, runbookKindSchema } from './model.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/** What the front matter says. In a plain guide only the title counts. */
export type Header = Pick<
  Runbook,
  | 'format'
  | 'kind'
  | 'system'
  | 'owner'
  | 'reviewDays'
  | 'objectives'
  | 'inputs'
  | 'requires'
  | 'timeoutMs'
> & {
  title: string | null;
  /** Number of lines that the front matter takes, its delimiters included. */
  lines: number;
};

const DAY_MS = 86_400_000;
/** No front matter is longer; a rule on the first line of a long text is only a rule. */
const MOST_LINES = 2000;

/** What to write, by the last key of the path that is wrong. */
const REMEDIES: Record<string, string> = {
  runbook: 'Write runbook: 1, the only version of the format.',
  title: 'Write the title as text.',
  kind: `Write one of ${runbookKindSchema.options.join(', ')}.`,
  review: 'Write how long a review stays good, such as review: 90d.',
  rto: 'Write a duration with its unit, such as rto: 30m.',
  rpo: 'Write a duration with its unit, such as rpo: 1h.',
  component: 'Name the component, such as component: Database.',
  objectives: 'Write a list such as - {component: Database, rto: 30m, rpo: 1h}.',
  inputs: 'Name inputs with letters, digits and _, such as backup: {type: string}.',
  type: `Write one of ${inputTypeSchema.options.join(', ')}.`,
  default: 'Write the default as one text, number, true or false.',
  choices: CHOICES_REMEDY,
  secret: SECRET_REMEDY,
  target: 'Write target: true, or the roles of the targets, such as target: [primary, recovery].',
  timeout: 'Write how long a run may take, such as timeout: 2h.',
  tools: 'Write a list of program names, such as tools: [psql, kubectl].',
  guess: 'Write a list of keys, such as guess: [kind, objectives].',
  range: 'Write the name of a practice environment, such as range: practice.',
};

function guideHeader(lines: number, title: string | null): Header {
  return {
    format: 'guide',
    title,
    kind: null,
    system: null,
    owner: null,
    reviewDays: null,
    objectives: [],
    inputs: [],
    timeoutMs: null,
    requires: { target: false, roles: [], tools: [], range: null },
    lines,
  };
}

/** Reads the front matter at the top of `lines`; other tools' is left alone, wrong or not. */
export function readFrontMatter(lines: readonly string[], findings: Findings): Header {
  const fence = lines[0]?.trimEnd();
  if (fence !== '---' && fence !== '+++') return guideHeader(0, null);
  const close = closingLine(lines, fence);
  const inside = lines.slice(1, close ?? Math.min(lines.length, MOST_LINES));
  const ownLine = inside.findIndex((line) => /^runbook\s*:/.test(line));
  if (close === null) {
    // A runbook's front matter ends before its first heading, so a key beyond one is just text.
    const heading = inside.findIndex((line) => /^#{1,6}\s/.test(line));
    if (fence === '---' && ownLine >= 0 && (heading < 0 || ownLine < heading)) {
      findings.error(
        'front-matter',
        { line: 1, column: 1 },
        'The front matter does not end.',
        'Put a line with --- alone after its last key.',
      );
    }
    return guideHeader(0, null);
  }
  const count = close + 1;
  if (fence === '+++') return guideHeader(count, tomlTitle(inside));
  if (ownLine < 0 && inside.every(isBlank)) return guideHeader(0, null);
  const yaml = readYaml(inside.join('\n'), { line: 2, column: 1 });
  if (yaml.faults.length > 0) {
    if (ownLine >= 0) {
      for (const { place, message } of yaml.faults.slice(0, 5)) {
        findings.error(
          'front-matter',
          place,
          `The front matter is not valid YAML: ${message}`,
          'Correct this line. Texts with ":" or "#" need quotes.',
        );
      }
      return { ...guideHeader(count, null), format: 'muster' };
    }
    // What is no YAML at all was text between two rules.
    return guideHeader(inside.some((line) => /^[\w-]+\s*:/.test(line)) ? count : 0, null);
  }
  if (!isRecord(yaml.value)) return guideHeader(0, null);
  if (!Object.hasOwn(yaml.value, 'runbook')) {
    const title = yaml.value.title;
    return guideHeader(count, typeof title === 'string' && title.trim() !== '' ? title : null);
  }
  return { ...musterHeader(yaml.value, yaml, findings), lines: count };
}

function closingLine(lines: readonly string[], fence: string): number | null {
  const most = Math.min(lines.length, MOST_LINES);
  for (let i = 1; i < most; i += 1) {
    const line = lines[i]?.trimEnd();
    if (line === fence || (fence === '---' && line === '...')) return i;
  }
  return null;
}

function tomlTitle(inside: readonly string[]): string | null {
  for (const line of inside) {
    const match = /^title\s*=\s*"([^"]{1,300})"\s*$/.exec(line);
    if (match !== null) return match[1] ?? null;
  }
  return null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function musterHeader(
  value: Record<string, unknown>,
  yaml: YamlSource,
  findings: Findings,
): Header {
  const result = frontMatterSchema.safeParse(value);
  const bad = new Set<string>();
  if (!result.success) {
    for (const issue of result.error.issues) {
      report(issue, yaml, findings);
      if (issue.code !== 'unrecognized_keys' && issue.path[0] !== undefined) {
        bad.add(String(issue.path[0]));
      }
    }
  }
  // What is right is used even where something else is wrong, so that the document shows well.
  const good: FrontMatter = result.success ? result.data : salvage(value, bad);
  const objectives = (good.objectives ?? []).map((objective, i) => ({
    component: objective.component,
    rtoMs: objective.rto === undefined ? null : parseDuration(objective.rto),
    rpoMs: objective.rpo === undefined ? null : parseDuration(objective.rpo),
    line: yaml.placeOf(['objectives', i]).line,
  }));
  for (const [i, objective] of objectives.entries()) {
    if (objectives.findIndex((other) => other.component === objective.component) < i) {
      findings.error(
        'front-matter',
        yaml.placeOf(['objectives', i, 'component']),
        `"${objective.component}" has two objectives.`,
        'Keep one objective a component.',
      );
    }
  }
  if (good.guess !== undefined && good.guess.length > 0) {
    findings.warning(
      'guessed',
      yaml.placeOfKey(['guess']),
      `Nobody has confirmed what was guessed here: ${good.guess.join(', ')}.`,
      'Correct what is wrong, then take guess: out.',
    );
  }
  const roles = rolesOf(good.requires?.target);
  const review = good.review === undefined ? null : parseDuration(good.review);
  return {
    format: 'muster',
    title: good.title ?? null,
    kind: good.kind ?? null,
    system: good.system ?? null,
    owner: good.owner ?? null,
    reviewDays: review === null || review <= 0 ? null : review / DAY_MS,
    objectives,
    inputs: readInputs(good.inputs ?? {}, yaml, findings),
    timeoutMs: good.timeout === undefined ? null : parseDuration(good.timeout),
    requires: {
      target: roles.length > 0,
      roles,
      tools: good.requires?.tools ?? [],
      range: good.requires?.range ?? null,
    },
    lines: 0,
  };
}

/** `true` asks for one target, in the role that steps without one act on. */
function rolesOf(target: boolean | string | string[] | undefined): string[] {
  if (target === undefined || target === false) return [];
  if (target === true) return ['primary'];
  return typeof target === 'string' ? [target] : [...new Set(target)];
}

function salvage(value: Record<string, unknown>, bad: ReadonlySet<string>): FrontMatter {
  const kept: Record<string, unknown> = { runbook: 1 };
  for (const key of Object.keys(frontMatterSchema.shape)) {
    if (!bad.has(key) && key !== 'runbook' && value[key] !== undefined) kept[key] = value[key];
  }
  // Unknown keys deeper down are warnings and must not cost the rest.
  const loose = frontMatterSchema.safeParse(withoutUnknown(kept));
  return loose.success ? loose.data : { runbook: 1 };
}

function withoutUnknown(kept: Record<string, unknown>): Record<string, unknown> {
  const only = (value: unknown, keys: readonly string[]): unknown =>
    isRecord(value)
      ? Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)))
      : value;
  const result = { ...kept };
  const { objectives, inputs } = kept;
  if (Array.isArray(objectives)) {
    result.objectives = objectives.map((entry) => only(entry, ['component', 'rto', 'rpo']));
  }
  if (isRecord(inputs)) {
    result.inputs = Object.fromEntries(
      Object.entries(inputs).map(([name, spec]) => [
        name,
        only(spec, Object.keys(inputSchema.shape)),
      ]),
    );
  }
  if (kept.requires !== undefined) {
    result.requires = only(kept.requires, ['target', 'tools', 'range']);
  }
  return result;
}

function report(issue: z.core.$ZodIssue, yaml: YamlSource, findings: Findings): void {
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      findings.warning(
        'front-matter',
        yaml.placeOfKey([...issue.path, key]),
        `Muster does not know the key "${[...issue.path, key].join('.')}".`,
        'Correct its spelling or take it out.',
      );
    }
    return;
  }
  const path = issue.path.map(String);
  const key = path.findLast((part) => Object.hasOwn(REMEDIES, part));
  const place =
    issue.code === 'invalid_key' ? yaml.placeOfKey(issue.path) : yaml.placeOf(issue.path);
  findings.error(
    'front-matter',
    place,
    `The key "${path.join('.')}" has a value that is not possible.`,
    (key !== undefined ? REMEDIES[key] : undefined) ?? 'See the format reference for this key.',
  );
}
