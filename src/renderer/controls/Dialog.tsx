import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import styles from './Dialog.module.css';

interface Props {
  title: string;
  /** Called for Escape and for every other way out. */
  onClose: () => void;
  children: ReactNode;
  /** The row of buttons. */
  foot?: ReactNode;
  width?: 'narrow' | 'wide';
  role?: 'dialog' | 'alertdialog';
}

/**
 * The platform's own modal dialog: it holds focus, makes the rest inert and gives focus back, and
 * costs nothing at start. Put `autoFocus` on the element that should have focus first.
 */
export function Dialog({ title, onClose, children, foot, width = 'narrow', role }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    dialog.showModal();
    dialog.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => dialog.close();
  }, []);

  return (
    <dialog
      ref={ref}
      role={role}
      aria-labelledby={heading}
      className={`${styles.dialog} ${styles[width]}`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={heading} className={styles.title}>
        {title}
      </h2>
      <div className={styles.body}>{children}</div>
      {foot !== undefined && <div className={styles.foot}>{foot}</div>}
    </dialog>
  );
}
