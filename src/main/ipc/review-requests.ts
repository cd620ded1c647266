import { approve, changedSinceReview, reviewOf } from '../../engine/reviews.ts';
import type { Library } from '../library/library.ts';
import type { Services } from '../services.ts';
import type { HandlersOf } from './router.ts';

export function reviewRequests(
  services: Services,
  library: Library,
): HandlersOf<'review.get' | 'review.difference' | 'review.approve'> {
  return {
    'review.get': (file) => reviewOf(services.store(), file),
    'review.difference': async (file) =>
      changedSinceReview(services.store(), await library.readShown(file)),
    'review.approve': async ({ comment, ...file }) => {
      const opened = await library.readShown(file);
      const { store, operator: by, version } = services;
      approve(store(), opened, { by, comment, version });
      services.push('library.changed', undefined);
      return reviewOf(store(), opened);
    },
  };
}
