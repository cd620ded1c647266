import { z } from 'zod';

/** A switch as YAML, a capture or a fence's flag gives it: `write`, `write=true`, `"false"`. */
export const switchValue = z.preprocess(
  (value) =>
    value === '' || value === null || value === 'true' ? true : value === 'false' ? false : value,
  z.boolean({ error: 'is neither true nor false' }),
);

/** A whole number, also as a text, because captures and attributes are texts. */
export function wholeNumber(least: number, most: number) {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : value),
    z
      .number({ error: 'is no whole number' })
      .int({ error: 'is no whole number' })
      .min(least, { error: `is less than ${least}` })
      .max(most, { error: `is more than ${most}` }),
  );
}
