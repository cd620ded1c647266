import { lazy, Suspense, useState } from 'react';
import { PaletteOpening } from '../palette/PaletteOpening.tsx';
import { currentRun } from '../run/current.ts';
import { useRuns } from '../run/store.ts';
import { useTargets } from '../targets/store.ts';
import { toggleTerminals, useTerminals } from '../terminal/store.ts';
import { useVault } from '../vault/store.ts';
import { Announcer } from './Announcer.tsx';
import { DropTarget } from './DropTarget.tsx';
import styles from './Frame.module.css';
import { Header } from './Header.tsx';
import { useKeys } from './keys.ts';
import { useNavigation, visit } from './navigation.ts';
import { PlaceView } from './PlaceView.tsx';
import { ProblemBanner } from './ProblemBanner.tsx';
import { ResumeBar } from './ResumeBar.tsx';
import { useWindowTitle } from './window-title.ts';

// Each of these waits until somebody asks for it: the library must be there at once.
const KeySheet = lazy(() => import('./KeySheet.tsx'));
const TargetsDialog = lazy(() => import('../targets/TargetsDialog.tsx'));
const UnlockDialog = lazy(() => import('../vault/UnlockDialog.tsx'));
const VaultDialog = lazy(() => import('../vault/VaultDialog.tsx'));
const TerminalPanel = lazy(() => import('../terminal/TerminalPanel.tsx'));

export function App() {
  const [over, setOver] = useState<'keys' | 'palette' | null>(null);
  const terminals = useTerminals((state) => state.open || state.tabs.length > 0);
  const targets = useTargets((state) => state.open);
  const vault = useVault((state) => state.open);
  const waiting = useVault((state) => state.waiting);
  const close = () => setOver(null);

  useWindowTitle();

  useKeys('shell', 'Everywhere', [
    { keys: 'g l', name: 'Go to Library', run: () => visit('library') },
    { keys: 'g r', name: 'Go to Run', run: () => visit('run') },
    { keys: 'g d', name: 'Go to Readiness', run: () => visit('readiness') },
    { keys: 'g h', name: 'Go to Record', run: () => visit('record') },
    {
      keys: 'mod+k',
      name: 'Find anything by name',
      run: () => setOver('palette'),
      always: 'everywhere',
    },
    {
      keys: 'ctrl+`',
      name: 'Show or hide the terminal',
      run: () =>
        toggleTerminals(currentRun(useRuns.getState(), useNavigation.getState().place)?.id),
      always: 'everywhere',
    },
    { keys: '?', name: 'Keys of this screen', run: () => setOver('keys') },
  ]);

  return (
    <DropTarget>
      <div className={styles.frame}>
        <Header onPalette={() => setOver('palette')} onKeys={() => setOver('keys')} />
        <ProblemBanner />
        <ResumeBar />
        <PlaceView />
        {terminals && (
          <Suspense>
            <TerminalPanel />
          </Suspense>
        )}
      </div>
      <Suspense>
        {over === 'keys' && <KeySheet onClose={close} />}
        {targets && <TargetsDialog />}
        {vault && <VaultDialog />}
        {waiting !== null && <UnlockDialog onDone={waiting} />}
      </Suspense>
      {over === 'palette' && <PaletteOpening onClose={close} />}
      <Announcer />
    </DropTarget>
  );
}
