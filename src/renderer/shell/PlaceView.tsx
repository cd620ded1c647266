import { lazy, Suspense, useEffect, useRef } from 'react';
import { Skeleton } from '../controls/Skeleton.tsx';
import { Library } from '../library/Library.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import styles from './Frame.module.css';
import { type PlaceName, useNavigation } from './navigation.ts';

const RunbookPage = lazy(() => import('../library/RunbookPage.tsx'));
const RunPlace = lazy(() => import('../run/RunPlace.tsx'));
const ReadinessPlace = lazy(() => import('../readiness/ReadinessPlace.tsx'));
const RecordPlace = lazy(() => import('../record/RecordPlace.tsx'));

const names: Record<PlaceName, string> = {
  library: 'Library',
  run: 'Run',
  readiness: 'Readiness',
  record: 'Record',
};

export function PlaceView() {
  const place = useNavigation((navigation) => navigation.place);
  const main = useRef<HTMLElement>(null);
  const shown = `${place.name} ${place.item ?? ''}`;
  const before = useRef(shown);

  // After a change of place the keyboard starts inside it, not at a button that is gone.
  useEffect(() => {
    if (before.current === shown) return;
    before.current = shown;
    main.current?.focus();
  }, [shown]);

  return (
    <main ref={main} tabIndex={-1} className={styles.place} aria-label={names[place.name]}>
      <ErrorBoundary key={shown}>
        <Suspense fallback={<Skeleton label={`Loading ${names[place.name]}`} />}>
          {place.name === 'library' &&
            (place.item === null ? (
              <Library />
            ) : (
              <RunbookPage key={place.item} path={place.item} />
            ))}
          {place.name === 'run' && <RunPlace item={place.item} />}
          {place.name === 'readiness' && <ReadinessPlace />}
          {place.name === 'record' && <RecordPlace item={place.item} />}
        </Suspense>
      </ErrorBoundary>
    </main>
  );
}
