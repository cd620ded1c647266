import { APP_HOST, APP_SCHEME } from './asset-path.ts';

/** Where a request came from, as far as the check needs it. */
export interface Sender {
  /** URL of the frame; null when the frame is gone already. */
  frameUrl: string | null;
  /** The frame is the top one of its page. */
  isTopFrame: boolean;
  /** The page is the one in Muster's window. */
  isOurWindow: boolean;
}

/** True for the top frame of our window, showing our own files (or the development server's). */
export function isTrusted(sender: Sender, developmentUrl: string | null): boolean {
  if (!sender.isOurWindow || !sender.isTopFrame || sender.frameUrl === null) return false;
  return isOwnPage(sender.frameUrl, developmentUrl);
}

/** True for the address of a page of our own. */
export function isOwnPage(url: string, developmentUrl: string | null): boolean {
  try {
    const { protocol, host, origin } = new URL(url);
    if (protocol === `${APP_SCHEME}:`) return host === APP_HOST;
    return developmentUrl !== null && origin === new URL(developmentUrl).origin;
  } catch {
    return false;
  }
}
