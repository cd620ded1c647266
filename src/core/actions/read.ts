import type { z } from 'zod';
import type { Attribute } from '../runbook/attributes.ts';
import type { Fence } from '../runbook/blocks.ts';
import { VARIABLE_NAME } from '../runbook/capture.ts';
import type { Findings, Place } from '../runbook/findings.ts';
import type { Capture, StructuredAction } from '../runbook/model.ts';
import { readYaml, type YamlSource } from '../runbook/yaml-source.ts';
import type { ActionName, Spec } from './kind.ts';
import { referencesIn } from './references.ts';
import { actionKindOf } from './registry.ts';

/** What the body of a structured fence says; its place is the reader's. */
export interface ReadAction {
  spec: StructuredAction['spec'];
  role: string | null;
  captures: Capture[];
  /** `recovery-point:` of the body, or null. */
  recoveryPoint: string | null;
}

/** Keys that every YAML body may have. */
const SHARED = ['target', 'capture', 'recovery-point'];

const REMEDY = 'See the documentation of this kind of step for its keys.';

/** Reads the body of a fence of the kind `name`. What cannot be read is a finding, never a throw. */
export function readAction(
  fence: Fence,
  name: ActionName,
  attributes: readonly Attribute[],
  findings: Findings,
): ReadAction {
  const kind = actionKindOf(name);
  if (kind.body !== 'yaml') {
    const { key, attributes: own } = kind.body;
    const given = attributes.filter((attribute) => own.includes(attribute.key));
    const spec: Spec = Object.fromEntries(
      given.map((attribute) => [attribute.key, attribute.value ?? true]),
    );
    const here = { line: fence.line, column: fence.column };
    const placeOf = (path: readonly PropertyKey[]): Place =>
      given.find((attribute) => attribute.key === path[0])?.place ?? here;
    spec[key] = fence.code.join('\n');
    check(name, spec, { placeOf, placeOfKey: placeOf }, findings);
    const role = attributes.find((attribute) => attribute.key === 'target')?.value ?? null;
    return { spec, role, captures: [], recoveryPoint: null };
  }
  const yaml = readYaml(fence.code.join('\n'), { line: fence.line + 1, column: fence.indent + 1 });
  const nothing: ReadAction = { spec: {}, role: null, captures: [], recoveryPoint: null };
  const fault = yaml.faults[0];
  if (fault !== undefined) {
    const message = `The ${name} step is not valid YAML: ${fault.message}`;
    bad(findings, fault.place, message, 'Correct this line. Texts with ":" or "#" need quotes.');
    return nothing;
  }
  if (!isMapping(yaml.value)) {
    const here = { line: fence.line, column: fence.column };
    bad(findings, here, `The ${name} step says nothing to do.`, REMEDY);
    return nothing;
  }
  const spec = Object.fromEntries(
    Object.entries(yaml.value).filter(([key]) => !SHARED.includes(key)),
  );
  check(name, spec, yaml, findings);
  return { spec, ...shared(yaml.value, name, yaml, findings) };
}

function shared(
  value: Spec,
  name: ActionName,
  yaml: YamlSource,
  findings: Findings,
): Omit<ReadAction, 'spec'> {
  const text = (key: string, form: RegExp, remedy: string): string | null => {
    const given = value[key];
    if (given === undefined) return null;
    if (typeof given === 'string' && form.test(given)) return given;
    bad(findings, yaml.placeOf([key]), `"${key}" has a value that is not possible.`, remedy);
    return null;
  };
  return {
    role: text('target', ROLE, 'Write the role of a target, such as target: recovery.'),
    captures: readResultCaptures(value.capture, name, yaml, findings),
    recoveryPoint: text('recovery-point', VARIABLE_NAME, 'Write the name of a capture.'),
  };
}

/** Roles of targets, as in `requires: {target: [primary, recovery]}`. */
export const ROLE = /^[a-z][a-z0-9-]{0,39}$/;

function readResultCaptures(
  value: unknown,
  name: ActionName,
  yaml: YamlSource,
  findings: Findings,
): Capture[] {
  if (value === undefined) return [];
  const { results } = actionKindOf(name);
  const known = Object.keys(results);
  const remedy =
    known.length === 0
      ? `A ${name} step has no results to capture.`
      : `Write capture: {NAME: result}; results of a ${name} step are ${known.join(', ')}.`;
  if (!isMapping(value)) {
    bad(findings, yaml.placeOf(['capture']), 'The captures cannot be read.', remedy);
    return [];
  }
  return Object.entries(value).flatMap(([variable, result]): Capture[] => {
    const isKnown =
      typeof result === 'string' &&
      (known.includes(result) || (known.includes('*') && /^[\w.[\]/~-]{1,200}$/.test(result)));
    if (isKnown && VARIABLE_NAME.test(variable)) {
      return [{ name: variable, from: { how: 'result', result } }];
    }
    const place = yaml.placeOfKey(['capture', variable]);
    bad(findings, place, `"${variable}" captures nothing that the step has.`, remedy);
    return [];
  });
}

/** Checks a mapping against the kind's schema, as far as its references allow before a run. */
function check(
  name: ActionName,
  spec: Spec,
  places: Pick<YamlSource, 'placeOf' | 'placeOfKey'>,
  findings: Findings,
): void {
  const schema = actionKindOf(name).schemaFor(spec);
  if (typeof schema === 'string') {
    bad(findings, places.placeOf([]), `The ${name} step cannot be carried out. ${schema}`, REMEDY);
    return;
  }
  const result = schema.safeParse(spec);
  if (result.success) return;
  for (const issue of result.error.issues) {
    // A reference can stand for anything until its value is known, but not for a key.
    const isKey = issue.code === 'unrecognized_keys';
    if (!isKey && referencesIn(valueAt(spec, issue.path)).length > 0) continue;
    report(issue, name, places, findings);
  }
}

function report(
  issue: z.core.$ZodIssue,
  name: ActionName,
  places: Pick<YamlSource, 'placeOf' | 'placeOfKey'>,
  findings: Findings,
): void {
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const path = [...issue.path, key];
      const message = `A ${name} step has no key "${path.join('.')}".`;
      bad(findings, places.placeOfKey(path), message, 'Correct its spelling or take it out.');
    }
    return;
  }
  const at = issue.path.map(String).join('.');
  const message = at === '' ? issue.message : `"${at}" cannot be used: ${issue.message}.`;
  bad(findings, places.placeOf(issue.path), message, REMEDY);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here: unknown = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Reflect.get(here, key);
  }
  return here;
}

function isMapping(value: unknown): value is Spec {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bad(findings: Findings, place: Place, message: string, remedy: string): void {
  findings.error('bad-action', place, message, remedy);
}
