import { useSyncExternalStore } from 'react';
import { create } from 'zustand';
import { change, useApp } from './app.ts';

/** Below these widths a panel does not stand beside the text but over it, when it is wanted. */
const outlineFits = window.matchMedia('(min-width: 900px)');
const sideFits = window.matchMedia('(min-width: 1160px)');

const useOver = create<{ outline: boolean; side: boolean }>()(() => ({
  outline: false,
  side: false,
}));

function useMatches(query: MediaQueryList): boolean {
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => query.matches,
  );
}

export interface Panels {
  outline: boolean;
  side: boolean;
  /** True for a panel that covers a part of the text. */
  outlineOver: boolean;
  sideOver: boolean;
  toggleOutline: () => void;
  toggleSide: () => void;
}

/** Which of the two panels are there: as the operator set it, and as the window allows. */
export function usePanels(): Panels {
  const { showOutline, showSide } = useApp((app) => app.settings);
  const over = useOver();
  const outlineWide = useMatches(outlineFits);
  const sideWide = useMatches(sideFits);
  return {
    outline: outlineWide ? showOutline : over.outline,
    side: sideWide ? showSide : over.side,
    outlineOver: !outlineWide,
    sideOver: !sideWide,
    toggleOutline: () =>
      outlineWide
        ? change({ showOutline: !showOutline })
        : useOver.setState({ outline: !over.outline, side: false }),
    toggleSide: () =>
      sideWide
        ? change({ showSide: !showSide })
        : useOver.setState({ side: !over.side, outline: false }),
  };
}
