import { z } from 'zod';
import { secretReferenceSchema } from '../secrets/reference.ts';
import type { Findings, Place } from './findings.ts';
import { checkInput } from './inputs.ts';
import { type InputSpec, inputTypeSchema } from './model.ts';
import { patternFault } from './pattern/pattern.ts';
import type { YamlSource } from './yaml-source.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** One entry of `inputs:`. */
export const inputSchema = z.strictObject({
  type: inputTypeSchema.optional().describe('What the value is; string where it is left out.'),
  default: scalar
    .optional()
    .describe('Taken where nothing is given. Without one the operator must give a value.'),
  pattern: z
    .string()
    .optional()
    .describe('A regular expression that the value must match. Not anchored: write ^ and $.'),
  help: z.string().optional().describe('Shown beside the field and after a refusal.'),
  choices: z.array(scalar).min(1).optional().describe('The values of a choice.'),
  secret: secretReferenceSchema
    .optional()
    .describe('Where the secret is, such as env:DB_PASSWORD. Makes the type secret.'),
});

type DeclaredInput = z.infer<typeof inputSchema>;

export const SECRET_REMEDY =
  'Refer to the secret, such as secret: "env:DB_PASSWORD"; never write the secret itself.';
export const CHOICES_REMEDY = 'Write a list of values, such as choices: [eu, us].';

/** The inputs as the front matter declares them, with a finding for each that cannot work. */
export function readInputs(
  inputs: Readonly<Record<string, DeclaredInput | null>>,
  yaml: YamlSource,
  findings: Findings,
): InputSpec[] {
  return Object.entries(inputs).map(([name, given]) => {
    const path = ['inputs', name];
    const spec = given ?? {};
    const type = spec.secret !== undefined ? 'secret' : (spec.type ?? 'string');
    const wrong = (place: Place, message: string, remedy: string): void =>
      findings.error('front-matter', place, `Input "${name}": ${message}`, remedy);
    if (type === 'secret' && spec.secret === undefined) {
      wrong(yaml.placeOf(path), 'it does not say where the secret is.', SECRET_REMEDY);
    }
    if (type === 'choice' && spec.choices === undefined) {
      wrong(yaml.placeOf(path), 'a choice needs choices.', CHOICES_REMEDY);
    }
    if (type === 'secret' && spec.default !== undefined) {
      wrong(
        yaml.placeOf([...path, 'default']),
        'a secret has no default.',
        'Take the default out; the value comes from where the secret is kept.',
      );
    }
    const fault = spec.pattern === undefined ? null : patternFault(spec.pattern);
    if (fault !== null) {
      findings.error(
        'bad-pattern',
        yaml.placeOf([...path, 'pattern']),
        `The pattern of input "${name}" cannot be used: ${fault}`,
        'Correct the pattern. In double quotes each backslash is written twice.',
      );
    }
    const read: InputSpec = {
      name,
      type,
      default: spec.default === undefined || type === 'secret' ? null : String(spec.default),
      pattern: fault === null ? (spec.pattern ?? null) : null,
      help: spec.help ?? null,
      choices: type === 'choice' ? (spec.choices ?? []).map(String) : [],
      secret: spec.secret ?? null,
      proposed: false,
      line: yaml.placeOfKey(path).line,
    };
    const checked = read.default === null ? null : checkInput(read, read.default);
    if (checked?.ok === false) {
      wrong(
        yaml.placeOf([...path, 'default']),
        `its default cannot be used: ${checked.message}`,
        'Write a default that the input itself accepts.',
      );
    }
    return read;
  });
}
