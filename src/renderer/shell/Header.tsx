import { Button } from '../controls/Button.tsx';
import { currentRun } from '../run/current.ts';
import { useRuns } from '../run/store.ts';
import { Clocks } from './Clocks.tsx';
import styles from './Header.module.css';
import { type PlaceName, useNavigation, visit } from './navigation.ts';
import { Ribbon } from './Ribbon.tsx';
import { useActing } from './target.ts';

const places: { name: PlaceName; label: string; keys: string }[] = [
  { name: 'library', label: 'Library', keys: 'g l' },
  { name: 'run', label: 'Run', keys: 'g r' },
  { name: 'readiness', label: 'Readiness', keys: 'g d' },
  { name: 'record', label: 'Record', keys: 'g h' },
];

interface Props {
  onPalette: () => void;
  onKeys: () => void;
}

/** The ribbon, the four places and the clocks. */
export function Header({ onPalette, onKeys }: Props) {
  const place = useNavigation((navigation) => navigation.place);
  const run = useRuns((runs) => currentRun(runs, place));
  const acting = useActing();
  return (
    <header className={styles.header} data-bound={acting !== null || undefined}>
      {acting !== null && <Ribbon acting={acting} />}
      <nav className={styles.nav} aria-label="Places">
        {places.map(({ name, label, keys }) => (
          <button
            key={name}
            type="button"
            className={styles.place}
            aria-current={place.name === name ? 'page' : undefined}
            aria-keyshortcuts={keys}
            onClick={() => visit(name)}
          >
            {label}
          </button>
        ))}
        <span className={styles.tools}>
          <Button look="quiet" keys="mod+k" onClick={onPalette}>
            Find anything
          </Button>
          <Button look="quiet" keys="?" onClick={onKeys}>
            Keys
          </Button>
        </span>
      </nav>
      {run !== null && <Clocks run={run} />}
    </header>
  );
}
