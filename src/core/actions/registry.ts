import type { ActionKind, ActionName } from './kind.ts';
import { check } from './kinds/check.ts';
import { faultOf } from './kinds/fault.ts';
import { http } from './kinds/http.ts';
import { kubernetes } from './kinds/kubernetes.ts';
import { notify } from './kinds/notify.ts';
import { postgres } from './kinds/postgres.ts';
import { prometheus } from './kinds/prometheus.ts';
import { redis } from './kinds/redis.ts';
import { s3 } from './kinds/s3.ts';
import { sql } from './kinds/sql.ts';
import { tcp } from './kinds/tcp.ts';
import { tls } from './kinds/tls.ts';
import { wait } from './kinds/wait.ts';

/** The kinds of structured action in the order of the documentation, one line each. */
const plainKinds: readonly ActionKind[] = [
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
  wait,
  notify,
];

/** The kind that is made of the others. */
export const fault = faultOf(plainKinds);

/** All kinds. */
export const actionKinds: readonly ActionKind[] = [...plainKinds, fault];

const byName = new Map<string, ActionKind>(actionKinds.map((kind) => [kind.name, kind]));

/** The kind with this name. Every name of a parsed action has one. */
export function actionKindOf(name: ActionName): ActionKind {
  const kind = byName.get(name);
  if (!kind) throw new Error(`No action kind ${name}`);
  return kind;
}

/** The name of the kind that a fence's language means, or null. */
export function actionNameOf(language: string): ActionName | null {
  return byName.get(language)?.name ?? null;
}
