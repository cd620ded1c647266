import { formatDuration } from '../../core/units.ts';

const minute = 60_000;

/** How long ago, as coarse as a person would say it: `3 min ago`. */
export function ago(at: string, now: number): string {
  const passed = Math.max(0, now - Date.parse(at));
  if (passed < minute) return 'less than a minute ago';
  const hour = 60 * minute;
  const unit = passed < hour ? minute : passed < 48 * hour ? hour : 24 * hour;
  if (unit === 24 * hour) return `${Math.floor(passed / unit)} days ago`;
  return `${formatDuration(Math.floor(passed / unit) * unit)} ago`;
}
