import { Hidden } from '../controls/Hidden.tsx';
import { useAnnouncement } from './announce.ts';

/** Says each change of state once, without taking focus. */
export function Announcer() {
  const { id, text } = useAnnouncement();
  return (
    <Hidden>
      <span role="status" aria-live="polite" aria-label="Announcements">
        <span key={id}>{text}</span>
      </span>
    </Hidden>
  );
}
