import { lazy, Suspense, useState } from 'react';
import { ask } from '../bridge.ts';
import { Button } from '../controls/Button.tsx';
import { report } from '../shell/problems.ts';

// The window's first paint does not wait for what is rarely wanted.
const TakeOverDialog = lazy(() => import('./TakeOverDialog.tsx'));

/** Asks for the file, then for its passphrase. */
export function TakeOverButton() {
  const [file, setFile] = useState<string | null>(null);
  return (
    <>
      <Button onClick={() => ask('run.chooseBundle').then(setFile, report)}>
        Take over a run…
      </Button>
      {file !== null && (
        <Suspense>
          <TakeOverDialog file={file} onClose={() => setFile(null)} />
        </Suspense>
      )}
    </>
  );
}
