import { type ComponentType, useEffect, useState } from 'react';
import { Dialog } from '../controls/Dialog.tsx';
import styles from './Palette.module.css';

export interface PaletteProps {
  /** What was typed before the palette was there, and whether Enter was pressed after it. */
  typed: string;
  isEntered: boolean;
  onClose: () => void;
}

export const paletteTitle = 'Find anything';
export const palettePlaceholder = 'An action, a step, a runbook, a run';

let loaded: ComponentType<PaletteProps> | null = null;

/**
 * The palette, whose code comes when it is first called for. What is typed in that moment is meant
 * for it: letters are actions of the screen behind. (A Suspense boundary would show its fallback for
 * at least 300 ms.)
 */
export function PaletteOpening({ onClose }: Pick<PaletteProps, 'onClose'>) {
  const [Palette, setPalette] = useState(() => loaded);
  const [typed, setTyped] = useState('');
  const [isEntered, setEntered] = useState(false);
  useEffect(() => {
    void import('./Palette.tsx').then((module) => {
      loaded = module.default;
      setPalette(() => loaded);
    });
  }, []);

  if (Palette !== null) return <Palette typed={typed} isEntered={isEntered} onClose={onClose} />;
  return (
    <Dialog title={paletteTitle} width="wide" onClose={onClose}>
      <div className={styles.palette}>
        <input
          data-first
          aria-label={paletteTitle}
          className={styles.input}
          placeholder={palettePlaceholder}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') setEntered(true);
          }}
        />
        <div className={styles.list} />
      </div>
    </Dialog>
  );
}
