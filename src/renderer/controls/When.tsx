import { formatDateTime, formatTime } from '../../core/units.ts';
import { useApp } from '../shell/app.ts';

/** A moment as the operator reads it, with UTC beside it. */
export function When({ at, date = false }: { at: string; date?: boolean }) {
  const zone = useApp((app) => app.info?.timeZone ?? 'UTC');
  return <time dateTime={at}>{date ? formatDateTime(at, zone) : formatTime(at, zone)}</time>;
}
