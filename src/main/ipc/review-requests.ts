import { MusterError, type Problem } from '../../core/problem.ts';
import type { OpenedRunbook } from '../../engine/library/open-runbook.ts';
import { approve, changedSinceReview, reviewOf } from '../../engine/reviews.ts';
import type { Library } from '../library/library.ts';
import type { Services } from '../services.ts';
import type { HandlersOf } from './router.ts';

export function reviewRequests(
  services: Services,
  library: Library,
): HandlersOf<'review.get' | 'review.difference' | 'review.approve'> {
  /** The file, if it still holds the text that the window shows. */
  const shown = async (path: string, sha256: string): Promise<OpenedRunbook> => {
    const opened = await library.open(path);
    if (opened.sha256 !== sha256) throw new MusterError(changed(path));
    return opened;
  };
  return {
    'review.get': (file) => reviewOf(services.store(), file),
    'review.difference': async ({ path, sha256 }) =>
      changedSinceReview(services.store(), await shown(path, sha256)),
    'review.approve': async ({ path, sha256, comment }) => {
      const opened = await shown(path, sha256);
      const { store, operator: by, version } = services;
      approve(store(), opened, { by, comment, version });
      services.push('library.changed', undefined);
      return reviewOf(store(), opened);
    },
  };
}

function changed(path: string): Problem {
  return {
    code: 'runbook-changed',
    what: `${path} was changed since it was shown here.`,
    safe: 'Nothing was recorded.',
    next: 'Read it again, look at what changed, then approve it.',
    place: { file: path },
  };
}
