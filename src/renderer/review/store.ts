import { create } from 'zustand';
import type { OpenRunbook, RequestOut, RunbookReview } from '../../shared/ipc.ts';
import { ask, listen } from '../bridge.ts';
import { announce } from '../shell/announce.ts';
import { report } from '../shell/problems.ts';

export type Difference = NonNullable<RequestOut<'review.difference'>>;

interface Reviewing {
  /** Of which text the rest is; another one is on its way. */
  sha256: string | null;
  path: string | null;
  review: RunbookReview | null;
  difference: Difference | null;
}

const nothing: Reviewing = { sha256: null, path: null, review: null, difference: null };

/** The review of the runbook whose page is shown. */
export const useReviewing = create<Reviewing>()(() => nothing);

type File = Pick<OpenRunbook, 'path' | 'sha256'>;

const isShown = ({ path, sha256 }: File) => {
  const shown = useReviewing.getState();
  return shown.path === path && shown.sha256 === sha256;
};

/** Asks how the review of a text stands, and shows what is known until the answer is here. */
export function loadReview({ path, sha256 }: File): void {
  if (useReviewing.getState().path !== path) useReviewing.setState(nothing);
  useReviewing.setState({ path, sha256, difference: null });
  refresh({ path, sha256 });
}

function refresh({ path, sha256 }: File): void {
  ask('review.get', { path, sha256 }).then((review) => {
    if (isShown({ path, sha256 })) useReviewing.setState({ review });
  }, report);
}

/** Asks what changed since the approval that counts. */
export function loadDifference({ path, sha256 }: File): void {
  ask('review.difference', { path, sha256 }).then((difference) => {
    if (isShown({ path, sha256 })) useReviewing.setState({ difference });
  }, report);
}

/** Approves the text as it is shown. Throws MusterError. */
export async function approve({ path, sha256 }: File, comment: string): Promise<void> {
  const review = await ask('review.approve', { path, sha256, comment });
  if (isShown({ path, sha256 })) useReviewing.setState({ review, difference: null });
  announce('Approved. The review is on record.');
}

/** Follows what other windows and the command line approve. Returns the function that ends it. */
export function followReviews(file: File): () => void {
  return listen('runs.changed', () => refresh(file));
}
