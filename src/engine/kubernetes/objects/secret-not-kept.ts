import { MusterError } from '../../../core/problem.ts';

/** Why objects, in words, are not put back as they were: what a step changed there held secrets. */
export function secretNotKept(objects: readonly string[], safe: string): MusterError {
  return new MusterError({
    code: 'kubernetes-secret-not-kept',
    what: `${objects.join(', ')} cannot be put back: what a step changed there held secrets, and their values are never kept.`,
    safe,
    next: 'Write it again from where its values are kept, such as with a `secret` step.',
  });
}
