import { formatDateTime, formatTime } from '../../core/units.ts';
import { useApp } from '../shell/app.ts';

/** How wide a column of times is, for their own size of letters: with the local time it holds two. */
export function useWhenWidth(): string {
  return useApp((app) => ((app.info?.timeZone ?? 'UTC') === 'UTC' ? '7.5em' : '12.5em'));
}

/** A moment as the operator reads it, with UTC beside it. */
export function When({ at, date = false }: { at: string; date?: boolean }) {
  const zone = useApp((app) => app.info?.timeZone ?? 'UTC');
  return <time dateTime={at}>{date ? formatDateTime(at, zone) : formatTime(at, zone)}</time>;
}
