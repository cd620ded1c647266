import { z } from 'zod';
import type { Fence } from './blocks.ts';
import { VARIABLE_NAME } from './capture.ts';
import type { Findings } from './findings.ts';
import type { ApproveAction, CallAction } from './model.ts';
import { readYaml } from './yaml-source.ts';

/**
 * The bodies of the two fences that are neither commands nor a kind of structured action:
 *
 *     approve: Fail over to the other region      in an `approve` fence
 *     by: [ann, bob]                              who may; left out: anybody but the operator
 *
 *     file: ./restore-database.md                 in a `runbook` fence
 *     inputs: {backup: "${BACKUP}"}
 *     capture: {ROWS: ROWS}                       name here, name there
 */
const approveSchema = z.strictObject({
  approve: z.string().min(1).max(2000),
  by: z.array(z.string().min(1).max(200)).optional(),
});

const callSchema = z.strictObject({
  file: z
    .string()
    .min(1)
    .max(1000)
    .regex(/\.(md|markdown)$/i),
  inputs: z
    .record(z.string().regex(VARIABLE_NAME), z.union([z.string(), z.number(), z.boolean()]))
    .optional(),
  capture: z.record(z.string().regex(VARIABLE_NAME), z.string().regex(VARIABLE_NAME)).optional(),
});

export function readApprove(
  fence: Fence,
  title: string,
  findings: Findings,
): Pick<ApproveAction, 'statement' | 'by'> {
  const remedy =
    'Write approve: and what the second person approves, and by: [name, …] if only some may.';
  const body = readMapping(fence, approveSchema, 'approval', remedy, findings);
  return { statement: body?.approve ?? title, by: body?.by ?? [] };
}

export function readCall(
  fence: Fence,
  findings: Findings,
): Pick<CallAction, 'file' | 'inputs' | 'captures'> {
  const remedy =
    'Write file: and the path of a .md file, inputs: {name: value} and capture: {HERE: THERE}.';
  const body = readMapping(fence, callSchema, 'call', remedy, findings);
  const captures = Object.entries(body?.capture ?? {}).map(([name, result]) => ({
    name,
    from: { how: 'result' as const, result },
  }));
  return { file: body?.file ?? '', inputs: body?.inputs ?? {}, captures };
}

function readMapping<T>(
  fence: Fence,
  schema: z.ZodType<T>,
  what: string,
  remedy: string,
  findings: Findings,
): T | null {
  const yaml = readYaml(fence.code.join('\n'), { line: fence.line + 1, column: fence.indent + 1 });
  const fault = yaml.faults[0];
  if (fault !== undefined) {
    findings.error(
      'bad-action',
      fault.place,
      `This ${what} is not valid YAML: ${fault.message}`,
      remedy,
    );
    return null;
  }
  const result = schema.safeParse(yaml.value ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = yaml.placeOf(issue?.path ?? []);
  const at =
    issue && issue.path.length > 0 ? `"${issue.path.join('.')}" of this ${what}` : `This ${what}`;
  findings.error(
    'bad-action',
    place,
    `${at} cannot be used: ${issue?.message ?? 'unreadable'}.`,
    remedy,
  );
  return null;
}
