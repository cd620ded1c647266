import { create } from 'zustand';
import { ask, listen } from '../bridge.ts';
import { report } from '../shell/problems.ts';
import { followPort, loseViews } from './views.ts';

export interface Tab {
  id: string;
  title: string;
  /** Set when it belongs to a run, and to a step of it when that runs here. */
  run: string | null;
  step: string | null;
  /**
   * Undefined while the shell lives; then its exit code, null after a signal. `lost`: the process
   * that carried it ended.
   */
  exit: number | null | 'lost' | undefined;
}

interface Terminals {
  tabs: Tab[];
  active: string | null;
  open: boolean;
  /** Height of the panel in pixels. */
  height: number;
  /** Counts the wishes for focus, so that each one is obeyed once. */
  focus: number;
}

export const useTerminals = create<Terminals>()(() => ({
  tabs: [],
  active: null,
  open: false,
  height: 240,
  focus: 0,
}));

function add(tab: Omit<Tab, 'exit'>): void {
  useTerminals.setState(({ tabs }) =>
    tabs.some(({ id }) => id === tab.id) ? {} : { tabs: [...tabs, { ...tab, exit: undefined }] },
  );
}

export function showTab(id: string): void {
  rememberFocus();
  useTerminals.setState(({ focus }) => ({ open: true, active: id, focus: focus + 1 }));
}

/** A size to begin with; the view fits it as soon as it is on the screen. */
const columns = 100;
const rows = 24;

export function openTerminal(run: string | null): void {
  ask('terminal.open', { run, columns, rows }).then(({ terminal, title }) => {
    add({ id: terminal, title, run, step: null });
    showTab(terminal);
  }, report);
}

/** Where the hands were before the panel opened; they go back there when it hides. */
let before: Element | null = null;

function rememberFocus(): void {
  if (!useTerminals.getState().open) before = document.activeElement;
}

export function hideTerminals(): void {
  useTerminals.setState({ open: false });
  if (before instanceof HTMLElement && before.isConnected) before.focus();
}

export function toggleTerminals(run: string | null = null): void {
  const { open, focus } = useTerminals.getState();
  if (open) {
    hideTerminals();
    return;
  }
  rememberFocus();
  useTerminals.setState({ open: true, focus: focus + 1 });
  // Right after a reload nobody has asked yet for those that are open.
  void followTerminals().then(() => {
    const now = useTerminals.getState();
    if (now.open && now.tabs.length === 0) openTerminal(run);
  });
}

export function closeTab(id: string): void {
  ask('terminal.close', { terminal: id }).catch(report);
  const { tabs, active } = useTerminals.getState();
  const left = tabs.filter((tab) => tab.id !== id);
  useTerminals.setState({
    tabs: left,
    active: active === id ? (left.at(-1)?.id ?? null) : active,
  });
  if (left.length === 0) hideTerminals();
}

export function resizePanel(height: number): void {
  const most = Math.round(window.innerHeight * 0.7);
  useTerminals.setState({ height: Math.min(most, Math.max(120, Math.round(height))) });
}

let following: Promise<void> | null = null;

/** Follows the terminals from now on; resolves when those that were open already are known. */
export function followTerminals(): Promise<void> {
  following ??= follow();
  return following;
}

function follow(): Promise<void> {
  listen('terminal.opened', ({ terminal, ...tab }) => {
    add({ id: terminal, ...tab });
    // A step that runs in the terminal wants the operator's hands there.
    if (tab.step !== null) showTab(terminal);
  });
  listen('terminal.exited', ({ terminal, exitCode }) => {
    useTerminals.setState(({ tabs }) => ({
      tabs: tabs.map((tab) => (tab.id === terminal ? { ...tab, exit: exitCode } : tab)),
    }));
  });
  listen('terminal.lost', () => {
    useTerminals.setState(({ tabs }) => ({
      tabs: tabs.map((tab) => (tab.exit === undefined ? { ...tab, exit: 'lost' } : tab)),
    }));
    loseViews();
  });
  followPort();
  return ask('terminal.list').then((open) => {
    for (const { terminal, ...tab } of open) add({ id: terminal, ...tab });
    useTerminals.setState({ active: open.at(-1)?.terminal ?? null });
  }, report);
}
