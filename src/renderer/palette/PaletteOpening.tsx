import { Dialog } from '../controls/Dialog.tsx';
import styles from './Palette.module.css';

interface Props {
  onType: (typed: string) => void;
  onClose: () => void;
}

/**
 * Stands in the palette's place until its code is there, a moment after the first call for it. What
 * is typed in that moment is meant for the palette: letters are actions of the screen behind it.
 */
export function PaletteOpening({ onType, onClose }: Props) {
  return (
    <Dialog title={paletteTitle} width="wide" onClose={onClose}>
      <div className={styles.palette}>
        <input
          data-first
          aria-label={paletteTitle}
          className={styles.input}
          placeholder={palettePlaceholder}
          onChange={(event) => onType(event.target.value)}
        />
        <div className={styles.list} />
      </div>
    </Dialog>
  );
}

export const paletteTitle = 'Find anything';
export const palettePlaceholder = 'An action, a step, a runbook, a run';
