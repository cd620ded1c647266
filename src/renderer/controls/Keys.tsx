import styles from './Keys.module.css';

const mac = navigator.platform.startsWith('Mac');

const names: Record<string, string> = {
  mod: mac ? '⌘' : 'Ctrl',
  ctrl: 'Ctrl',
  shift: 'Shift',
  Enter: '⏎',
  Space: 'Space',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** `mod+k` or `g l`, as caps. Decoration: what it does is said by the name beside it. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className={styles.keys} aria-hidden="true">
      {keys.split(/[ +]/).map((key) => (
        <kbd key={key}>{names[key] ?? (key.length === 1 ? key.toUpperCase() : key)}</kbd>
      ))}
    </span>
  );
}
