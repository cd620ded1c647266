import { formatDuration } from '../../core/units.ts';
import { useNow } from '../controls/now.ts';

/** Time that passes, by the second. */
export function Elapsed({ since }: { since: string }) {
  const now = useNow(1000);
  const passed = Math.max(0, now - Date.parse(since));
  const seconds = Math.floor(passed / 1000);
  return <span>{seconds === 0 ? '0 s' : formatDuration(seconds * 1000)}</span>;
}
