import { lazy, Suspense, useState } from 'react';
import { Button } from '../controls/Button.tsx';
import { useSaved } from './paper.ts';

const FolderExportMenu = lazy(() => import('./FolderExportMenu.tsx'));

/** Writes all runbooks of a folder into one file that is read without Muster. */
export function FolderExport({ path, name }: { path: string; name: string }) {
  const saved = useSaved((last) => (last?.path === path ? last.words : null));
  const [wanted, setWanted] = useState(false);
  const label = `Export folder ${name} as one file`;
  const button = (
    <Button look="quiet" aria-label={label} onClick={() => setWanted(true)}>
      Export…
    </Button>
  );
  return (
    <>
      <span role="status">{saved}</span>
      {/* The first screen does not wait for a menu that is seldom wanted. */}
      {wanted ? (
        <Suspense fallback={button}>
          <FolderExportMenu path={path} label={label} />
        </Suspense>
      ) : (
        button
      )}
    </>
  );
}
