import { resizePanel } from './store.ts';
import styles from './TerminalPanel.module.css';

const step = 24;

/** The panel's upper edge: drag it, or move it with the arrow keys. */
export function Resizer({ height }: { height: number }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is not a rule
    <div
      className={styles.resizer}
      role="separator"
      aria-label="Height of the terminal"
      aria-orientation="horizontal"
      aria-valuenow={height}
      aria-valuemin={120}
      aria-valuemax={Math.round(window.innerHeight * 0.7)}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key === 'ArrowUp') resizePanel(height + step);
        if (event.key === 'ArrowDown') resizePanel(height - step);
      }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        resizePanel(window.innerHeight - event.clientY);
      }}
    />
  );
}
