import type { ShownPod } from '../../core/live/view.ts';

export function eventWords({ reason, message, count }: NonNullable<ShownPod['event']>): string {
  return `${reason}${count > 1 ? ` (${count} times)` : ''}: ${message}`;
}
