import { useEffect, useState } from 'react';

const settleMs = 250;

/**
 * False for a moment after the next action became another one. A key that was meant for the step
 * before must not land on the step that has just taken its place.
 */
export function useSettled(identity: string): boolean {
  const [settled, setSettled] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(identity), settleMs);
    return () => clearTimeout(timer);
  }, [identity]);
  return settled === identity;
}
