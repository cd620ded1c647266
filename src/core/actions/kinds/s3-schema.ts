import { z } from 'zod';
import { readKeyPattern } from '../../objects/key-pattern.ts';
import { parseObjectUri } from '../../objects/uri.ts';
import { parseBytes } from '../../units.ts';
import { durationText } from '../duration.ts';

/** The schemas of the `s3` fence, one for each verb. */

const uri = z.string().refine((text) => parseObjectUri(text) !== null, {
  error: 'is no place in a store; write it as s3://bucket/prefix/',
});
const keyUri = uri.refine(
  (text) => {
    const key = parseObjectUri(text)?.key ?? '';
    return key !== '' && !key.endsWith('/');
  },
  { error: 'names a prefix; write one object, such as s3://bucket/prefix/orders.dump' },
);
const path = z.string().min(1);

/** A number that may come as text, from an input or a capture. */
const count = z
  .preprocess(
    (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value),
    z.number().int(),
  )
  .pipe(z.number().int().positive());
const flag = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean(),
);
const size = z
  .union([z.number(), z.string()])
  .transform((value) => parseBytes(String(value)))
  .refine((bytes) => bytes !== null, { error: 'is no size; write one such as 10MB or 64KiB' })
  .transform((bytes) => bytes ?? 0);
const sha256 = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, { error: 'is no SHA-256; it has 64 hexadecimal digits' })
  .toLowerCase();
const keyPattern = z.string().superRefine((text, context) => {
  const read = readKeyPattern(text);
  if (!read.ok) context.addIssue({ code: 'custom', message: `is no key pattern: ${read.message}` });
});

const version = z.string().min(1).optional().describe('The version; the current one if left out.');
const overwrite = flag.optional().describe('Whether what is there already may be replaced: true.');

const filters = {
  pattern: keyPattern
    .optional()
    .describe('Keys behind the prefix: * and ?, and %Y %m %d %H %M %S %z or %s for a time (UTC).'),
  suffix: z.string().min(1).optional().describe('How keys end, such as .dump.gz.'),
  'min-size': size.optional().describe('What is smaller does not count, such as 10MB.'),
};
const basis = z
  .string()
  .regex(/^(?:modified|name|metadata:[A-Za-z0-9._-]{1,100})$/, {
    error: 'is none of modified, name and metadata:NAME',
  })
  .optional()
  .describe('What is an object’s time: modified, name (by pattern) or metadata:NAME.');

/** `by: name` needs a pattern that says a day. */
function basisFits({ by, pattern }: { by?: string | undefined; pattern?: string | undefined }) {
  const read = pattern === undefined ? null : readKeyPattern(pattern);
  return by !== 'name' || (read?.ok === true && read.pattern.hasTime);
}
const basisFault = {
  error: 'is name, and the pattern says no day; write it with %Y, %m and %d, or %s',
  path: ['by'],
};

export const verbs = {
  list: z.strictObject({
    list: uri.describe('The prefix.'),
    ...filters,
    'max-age': durationText.optional().describe('What is older is left out, such as 24h.'),
    versions: flag.optional().describe('Earlier versions and deleted objects too: true.'),
    limit: count.optional().describe('So many lines of output at most; 100 if left out.'),
  }),
  head: z.strictObject({ head: keyUri.describe('The object.'), version }),
  latest: z
    .strictObject({
      latest: uri.describe('The prefix.'),
      by: basis,
      ...filters,
      'max-age': durationText.optional().describe('What is older does not count, such as 24h.'),
      versions: flag.optional().describe('Earlier versions and deleted objects too: true.'),
    })
    .refine(basisFits, basisFault),
  download: z.strictObject({
    download: keyUri.describe('The object.'),
    version,
    to: path.describe('The file, or a folder that ends in a slash.'),
    sha256: sha256.optional().describe('What its SHA-256 must be.'),
    manifest: keyUri.optional().describe('An object with SHA-256 sums that names it.'),
    overwrite,
  }),
  upload: z.strictObject({
    upload: path.describe('The file.'),
    to: uri.describe('The object, or a prefix that ends in a slash.'),
    metadata: z
      .record(z.string().regex(/^[a-z0-9-]{1,100}$/), z.coerce.string())
      .optional()
      .describe('Metadata of the object, such as taken-at.'),
    manifest: keyUri.optional().describe('An object to write with its SHA-256 sum.'),
    overwrite,
  }),
  copy: z.strictObject({
    copy: keyUri.describe('The object.'),
    version,
    to: z
      .strictObject({
        target: z.string().min(1).optional().describe('The role of the other target.'),
        uri: uri.describe('The object, or a prefix that ends in a slash.'),
      })
      .describe('Where to.'),
    overwrite,
  }),
  verify: z.strictObject({
    verify: keyUri.describe('The object.'),
    version,
    size: size.optional().describe('What its size must be.'),
    'min-size': size.optional().describe('What its size must be at least.'),
    sha256: sha256.optional().describe('What its SHA-256 must be.'),
    manifest: keyUri.optional().describe('An object with SHA-256 sums that names it.'),
    archive: z
      .enum(['auto', 'gzip', 'tar', 'tar.gz', 'zip', 'zstd', 'pg-dump', 'none'])
      .optional()
      .describe('What it must be, readable to its end; by its name if left out.'),
  }),
  prune: z
    .strictObject({
      prune: uri.describe('The prefix.'),
      'keep-days': count.optional().describe('What is younger stays.'),
      'keep-last': count.optional().describe('So many of the newest always stay; 1 if left out.'),
      by: basis,
      ...filters,
      permanently: flag
        .optional()
        .describe('Deletes for good: versions, or objects of a bucket without versions: true.'),
    })
    .refine((spec) => spec['keep-days'] !== undefined || spec['keep-last'] !== undefined, {
      error: 'needs keep-days, keep-last or both',
      path: ['keep-days'],
    })
    .refine(basisFits, basisFault),
} as const;

export type S3Verb = keyof typeof verbs;
export type S3Specs = { [V in S3Verb]: z.output<(typeof verbs)[V]> };
export type S3Spec = S3Specs[S3Verb];
