import { plainText } from '../core/live/plain-text.ts';
import { knownSecrets } from '../engine/credentials/known-secrets.ts';

/** What a desktop shows of a notification anyway, in characters. */
const LONGEST_TITLE = 120;
const LONGEST_TEXT = 400;

/** A notification as the desktop may keep it: without secrets, one line each. */
export function notificationText({ title, text }: { title: string; text: string }): {
  title: string;
  body: string;
} {
  return {
    title: plainText(knownSecrets.text(title), LONGEST_TITLE),
    body: plainText(knownSecrets.text(text), LONGEST_TEXT),
  };
}
