import type { ActionName } from '../../core/actions/kind.ts';
import { check } from './check.ts';
import { http } from './http.ts';
import { kubernetes } from './kubernetes.ts';
import { postgres } from './postgres.ts';
import { prometheus } from './prometheus.ts';
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
  http,
  prometheus,
  tcp,
  tls,
  check,
  wait,
};

/** What carries out this kind. Every kind that a runbook can name has one. */
export function structuredKindOf(name: ActionName): StructuredKind<unknown> {
  const kind = kinds[name];
  if (!kind) throw new Error(`Nothing carries out ${name} steps`);
  return kind;
}
