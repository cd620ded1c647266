import { useEffect, useState } from 'react';
import { ask } from '../bridge.ts';
import { announce } from '../shell/announce.ts';
import { report } from '../shell/problems.ts';

const shownMs = 2000;

interface Props {
  /** Asked for when it is pressed: the text may be long. */
  text: () => string;
  className?: string | undefined;
  label?: string;
}

/** Copies through the main process and says that it did. */
export function CopyButton({ text, className, label }: Props) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      className={className}
      aria-label={label}
      onClick={() => {
        ask('clipboard.write', { text: text() }).then(() => {
          setCopied(true);
          announce('Copied.');
        }, report);
      }}
    >
      {copied ? 'Copied' : 'Copy'}
    </button>
  );
}
