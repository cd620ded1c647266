import type { ComponentProps } from 'react';
import styles from './Button.module.css';
import { Keys } from './Keys.tsx';

interface Props extends Omit<ComponentProps<'button'>, 'type' | 'disabled'> {
  look?: 'primary' | 'plain' | 'quiet' | 'danger';
  /** The key that does the same, shown inside. */
  keys?: string;
  type?: 'button' | 'submit';
  /** Keeps the button where it is, and in the tab order, but deaf. */
  off?: boolean;
  /** Deaf for a moment without looking so: the same button will be meant again at once. */
  busy?: boolean;
}

/**
 * A disabled button keeps focus (aria-disabled instead of disabled): when a step ends under the
 * operator's hands, focus must not fall back to the top of the window.
 */
export function Button({
  look = 'plain',
  keys,
  off = false,
  busy = false,
  type = 'button',
  onClick,
  children,
  ...rest
}: Props) {
  return (
    <button
      {...rest}
      type={type}
      className={`${styles.button} ${styles[look]}`}
      aria-disabled={off || busy || undefined}
      data-off={off || undefined}
      onClick={(event) => {
        if (off || busy) {
          event.preventDefault();
          return;
        }
        onClick?.(event);
      }}
    >
      <span>{children}</span>
      {keys !== undefined && <Keys keys={keys} />}
    </button>
  );
}
