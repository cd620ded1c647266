import { type BrowserWindow, Notification } from 'electron';
import { notificationText } from './notification-text.ts';

/** Those that are on the screen; without this they would be collected, and clicks with them. */
const shown = new Set<Notification>();

/** Shows it; a click brings the window to the front. Does nothing where the desktop has none. */
export function showNotification(
  given: { title: string; text: string },
  window: () => BrowserWindow | null,
): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification(notificationText(given));
  shown.add(notification);
  const forget = (): void => void shown.delete(notification);
  notification.on('close', forget);
  notification.on('failed', forget);
  notification.on('click', () => {
    forget();
    const shownWindow = window();
    if (shownWindow?.isMinimized()) shownWindow.restore();
    shownWindow?.focus();
  });
  notification.show();
}
