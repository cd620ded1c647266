import { z } from 'zod';
import type { Spec } from '../../kind.ts';
import { switchValue, wholeNumber } from '../../scalars.ts';

/** The fields that several verbs share. */

/** A resource and a name as kubectl takes them: `deployment/orders`, `deploy/orders`, `cronjobs.batch/x`. */
const OBJECT = /^[a-z0-9][a-z0-9.-]*\/[A-Za-z0-9][A-Za-z0-9._:-]*$/i;
/** A resource without a name, for a selector: `pods`, `deployments.apps`. */
const RESOURCE = /^[a-z][a-z0-9.-]*$/i;

export const oneObject = z
  .string()
  .regex(OBJECT, { error: 'is no object; write its kind and its name, such as deployment/orders' });

/** One object by its name, or a list of them. */
export const namedObjects = z
  .union([oneObject, z.array(oneObject).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** The same, or a kind of which a selector chooses. */
export const objects = z
  .union([
    z.string().refine((text) => OBJECT.test(text) || RESOURCE.test(text), {
      error: 'is no object and no kind; write such as deployment/orders or pods',
    }),
    z.array(oneObject).min(1),
  ])
  .transform((value) => (typeof value === 'string' ? [value] : value));

export const namespace = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, { error: 'is no name of a namespace' })
  .optional()
  .describe("The namespace; the target's where left out.");

export const selector = z
  .string()
  .min(1)
  .optional()
  .describe('Labels that choose the objects, such as app=orders,tier!=cache.');

/** A number of things; nobody has more than a million of them. */
export const count = wholeNumber(0, 1_000_000);

export const settle = switchValue
  .default(true)
  .describe('Whether to wait until the change has taken effect; true where left out.');

export const container = z
  .string()
  .min(1)
  .optional()
  .describe("The container; the pod's default or its first where left out.");

/** The objects of a mapping as it is written, for its one line. */
export function named(spec: Spec, verb: string): string {
  const value = spec[verb];
  const what = Array.isArray(value) ? value.join(', ') : String(value);
  const chosen = spec.selector === undefined ? '' : ` with ${spec.selector}`;
  const where = spec.namespace === undefined ? '' : ` in ${spec.namespace}`;
  return `${what}${chosen}${where}`;
}
