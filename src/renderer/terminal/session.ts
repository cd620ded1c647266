import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { ask } from '../bridge.ts';
import { report } from '../shell/problems.ts';
import { onThemeChange, token } from '../theme/theme.ts';
import { withSheets } from './sheets.ts';
import { acknowledge, attach } from './views.ts';

function themeNow() {
  const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
  const plain = Object.fromEntries(names.map((name) => [name, token(`ansi-${name}`)]));
  const bright = Object.fromEntries(
    names.map((name) => [`bright${name[0]?.toUpperCase()}${name.slice(1)}`, token(`ansi-${name}`)]),
  );
  return {
    ...plain,
    ...bright,
    background: token('code-surface'),
    foreground: token('text'),
    cursor: token('text'),
    cursorAccent: token('code-surface'),
    selectionBackground: token('accent'),
    selectionForeground: token('accent-text'),
  };
}

/** Few acknowledgements, each is a message; but well before `flow-control.ts` waits for them. */
const ackEvery = 500_000;

/**
 * Whether WebGL is drawn by a graphics card. Drawn by the processor, as on a virtual machine or a
 * remote desktop, it takes twice the time that drawing with elements takes.
 */
function hasGraphicsCard(): boolean {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

export interface Session {
  mount(element: HTMLElement): void;
  fit(): void;
  focus(): void;
  find(text: string, back: boolean): boolean;
  endFind(): void;
  copy(): boolean;
  paste(): void;
  dispose(): void;
}

/** A terminal of the main process, drawn here. Exists as long as its tab, shown or not. */
export function beginSession(id: string, onKey: (event: KeyboardEvent) => boolean): Session {
  const terminal = new Terminal({
    allowProposedApi: true,
    fontFamily: token('font-code'),
    fontSize: 13,
    lineHeight: 1.2,
    scrollback: 10_000,
    cursorBlink: false,
    screenReaderMode: false,
    theme: themeNow(),
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.loadAddon(new Unicode11Addon());
  terminal.loadAddon(new WebLinksAddon((_, url) => void ask('link.open', { url }).catch(report)));
  terminal.unicode.activeVersion = '11';
  terminal.attachCustomKeyEventHandler(onKey);

  let drawn = 0;
  const write = (data: Uint8Array) =>
    terminal.write(data, () => {
      drawn += data.length;
      if (drawn < ackEvery) return;
      acknowledge(id, drawn);
      drawn = 0;
    });

  const detach = attach(id, {
    take({ kind, data }) {
      if (kind === 'data') write(data);
      else {
        terminal.reset();
        terminal.write(data);
      }
    },
    lost: () =>
      terminal.write('\r\nThis terminal was lost: the process that carries terminals ended.\r\n'),
  });

  const tell = (data: string) => ask('terminal.write', { terminal: id, data }).catch(report);
  terminal.onData(tell);
  terminal.onBinary(tell);
  terminal.onResize(({ cols, rows }) => {
    if (cols >= 2 && rows >= 2) {
      ask('terminal.resize', { terminal: id, columns: cols, rows }).catch(() => undefined);
    }
  });
  const unfollow = onThemeChange(() => {
    terminal.options.theme = themeNow();
  });

  async function accelerate(): Promise<void> {
    if (!hasGraphicsCard()) return;
    try {
      const { WebglAddon } = await import('@xterm/addon-webgl');
      const webgl = new WebglAddon();
      // A lost context falls back to drawing with elements, which always works.
      webgl.onContextLoss(() => withSheets(() => webgl.dispose()));
      withSheets(() => terminal.loadAddon(webgl));
    } catch {
      // No WebGL after all: xterm has drawn with elements from the beginning.
    }
  }

  return {
    mount(element) {
      withSheets(() => terminal.open(element));
      void accelerate();
    },
    fit: () => fit.fit(),
    focus: () => terminal.focus(),
    find: (text, back) => (back ? search.findPrevious(text) : search.findNext(text)),
    endFind: () => search.clearDecorations(),
    copy() {
      const text = terminal.getSelection();
      if (text === '') return false;
      ask('clipboard.write', { text }).catch(report);
      return true;
    },
    paste() {
      ask('clipboard.read').then(({ text }) => terminal.paste(text), report);
    },
    dispose() {
      detach();
      unfollow();
      terminal.dispose();
    },
  };
}
