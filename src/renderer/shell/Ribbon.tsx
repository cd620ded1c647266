import { lazy, Suspense } from 'react';
import styles from './Ribbon.module.css';
import type { Acting } from './target.ts';

// The first screen has no run, so it need not wait for what watches one.
const LinkState = lazy(() => import('../live/LinkState.tsx'));

const careWords = {
  practice: 'practice',
  standard: 'standard care',
  critical: 'critical',
} as const;

/** What the screen acts on, in its colour and in words, wide enough to be seen from across a desk. */
export function Ribbon({ acting }: { acting: Acting }) {
  const { targets, what, rehearsal } = acting;
  const isPractice = targets.length > 0 && targets.every(({ care }) => care === 'practice');
  const first = targets[0]?.colour ?? undefined;
  return (
    <section
      className={styles.ribbon}
      aria-label="Target"
      data-practice={isPractice || undefined}
      data-colour={isPractice ? undefined : first}
    >
      {rehearsal && (
        <strong className={styles.rehearsal}>
          REHEARSAL <span>nothing changes</span>
        </strong>
      )}
      <ul className={styles.targets}>
        {targets.map(({ name, role, colour, care, of }) => (
          <li key={`${role} ${name}`} data-colour={colour ?? undefined}>
            {colour !== null && <span className={styles.hue} aria-hidden="true" />}
            <strong className={styles.name}>{name.toUpperCase()}</strong>
            {role !== null && <span>{role}</span>}
            <span className={care === 'critical' ? styles.critical : undefined}>
              {careWords[care]}
            </span>
            {of !== null && (
              <Suspense>
                <LinkState of={of} isMain={of === targets[0]?.of} />
              </Suspense>
            )}
          </li>
        ))}
      </ul>
      <span className={styles.what} title={what}>
        {what}
      </span>
    </section>
  );
}
