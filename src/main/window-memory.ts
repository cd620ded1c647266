import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

const THEMES = ['system', 'light', 'dark', 'contrast'] as const;

/** What the window needs to know before the store is open, to come up in its place and colour. */
export interface WindowMemory {
  /** Null before the first window was closed. */
  bounds: Bounds | null;
  maximised: boolean;
  theme: (typeof THEMES)[number];
}

export const FIRST_WINDOW: WindowMemory = { bounds: null, maximised: false, theme: 'system' };

function fileIn(folder: string): string {
  return join(folder, 'window.json');
}

/** What was remembered; the first window's when nothing or nonsense is there. */
export function recall(folder: string): WindowMemory {
  try {
    return checked(JSON.parse(readFileSync(fileIn(folder), 'utf8')));
  } catch {
    return FIRST_WINDOW;
  }
}

// By hand: this stands before the first window, and loading the schemas would hold it up.
function checked(found: Record<string, unknown>): WindowMemory {
  const { bounds, maximised } = found;
  return {
    bounds: isBounds(bounds) ? bounds : null,
    maximised: maximised === true,
    theme: THEMES.find((theme) => theme === found.theme) ?? 'system',
  };
}

function isBounds(found: unknown): found is Bounds {
  if (typeof found !== 'object' || found === null) return false;
  const numbers = new Map<string, unknown>(Object.entries(found));
  return ['x', 'y', 'width', 'height'].every((name) => Number.isInteger(numbers.get(name)));
}

/** A memory that cannot be written is no reason to bother anybody. */
export function remember(folder: string, memory: WindowMemory): void {
  try {
    writeFileSync(fileIn(folder), JSON.stringify(memory), { mode: 0o600 });
  } catch {
    // The next window comes up in the old place.
  }
}

/** Pixels of the title bar that must lie on a screen, so that the window can be moved. */
const GRIP = 80;

/** The bounds if enough of them lies on one of the screens; a screen may have been unplugged. */
export function onScreen(bounds: Bounds | null, screens: readonly Bounds[]): Bounds | null {
  if (bounds === null) return null;
  const reachable = screens.some(
    (screen) =>
      bounds.x + bounds.width >= screen.x + GRIP &&
      bounds.x <= screen.x + screen.width - GRIP &&
      bounds.y >= screen.y &&
      bounds.y <= screen.y + screen.height - GRIP,
  );
  return reachable ? bounds : null;
}
