import type { KeyboardEvent } from 'react';

/**
 * For the form of a dialog whose button says Enter: a list that has focus would open on Enter, where
 * every other field sends the form. Space and the arrows still open it.
 */
export function enterSubmits(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key !== 'Enter' || !(event.target instanceof HTMLSelectElement)) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}
