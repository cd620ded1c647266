import type { ActionName } from '../../core/actions/kind.ts';
import { actionKinds, fault } from '../../core/actions/registry.ts';
import { check } from './check.ts';
import { faultWith } from './fault.ts';
import { http } from './http.ts';
import { kubernetes } from './kubernetes.ts';
import { notify } from './notify.ts';
import { postgres } from './postgres.ts';
import { prometheus } from './prometheus.ts';
import { redis } from './redis.ts';
import { s3 } from './s3.ts';
import { sql } from './sql.ts';
import type { StructuredKind } from './structured.ts';
import { tcp } from './tcp.ts';
import { tls } from './tls.ts';
import { wait } from './wait.ts';

/** How each kind of structured action is carried out, one line a kind. */
const kinds: { readonly [K in ActionName]?: StructuredKind<unknown> } = {
  kubernetes,
  s3,
  postgres,
  sql,
  redis,
  http,
  prometheus,
  tcp,
  tls,
  check,
  notify,
  wait,
  fault: faultWith(fault, actionKinds, structuredKindOf),
};

/** What carries out this kind. Every kind that a runbook can name has one. */
export function structuredKindOf(name: ActionName): StructuredKind<unknown> {
  const kind = kinds[name];
  if (!kind) throw new Error(`Nothing carries out ${name} steps`);
  return kind;
}
