import { MusterError } from '../../../core/problem.ts';
import { describePlace, type Place } from './cluster.ts';

/** Why objects are not put back as they were: what a step changed there held secrets. */
export function secretNotKept(places: readonly Place[]): MusterError {
  return new MusterError({
    code: 'kubernetes-secret-not-kept',
    what: `${places.map(describePlace).join(', ')} cannot be put back: what a step changed there held secrets, and their values are never kept.`,
    safe: 'What stands there now was left as it is.',
    next: 'Write it again from where its values are kept, such as with a `secret` step.',
  });
}
