import { useEffect, useState } from 'react';
import { ask } from '../bridge.ts';
import { report } from '../shell/problems.ts';

/** Pictures that are kept at hand, as data URLs by their SHA-256; the oldest go first. */
const known = new Map<string, string>();
const KEPT = 20;

/** A picture as a data URL. `none`: it is too large to be shown. */
export function usePicture(run: string, sha256: string): 'loading' | 'none' | (string & {}) {
  const [picture, setPicture] = useState(known.get(sha256) ?? 'loading');
  useEffect(() => {
    let isGone = false;
    const before = known.get(sha256);
    if (before !== undefined) {
      setPicture(before);
      return;
    }
    ask('attachment.picture', { run, sha256 }).then(
      (answer) => {
        const url = answer && `data:${answer.mediaType};base64,${answer.base64}`;
        if (url !== null) keep(sha256, url);
        if (!isGone) setPicture(url ?? 'none');
      },
      (thrown) => {
        if (!isGone) setPicture('none');
        report(thrown);
      },
    );
    return () => {
      isGone = true;
    };
  }, [run, sha256]);
  return picture;
}

function keep(sha256: string, url: string): void {
  known.set(sha256, url);
  const [oldest] = known.keys();
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
}
