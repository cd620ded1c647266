import { type FromView, type ToView, toViewSchema } from '../../shared/terminal-port.ts';
import { ask } from '../bridge.ts';
import { report } from '../shell/problems.ts';

/** A terminal on the page: takes what the process that owns the terminals sends it. */
export interface View {
  take(message: ToView): void;
  /** That process ended. */
  lost(): void;
}

const views = new Map<string, View>();

/** The way to that process, which goes past the main process; null until a view needs it. */
let port: MessagePort | null = null;
let isAsked = false;

function tell(message: FromView): void {
  port?.postMessage(message);
}

/** Shows the terminal `id` in the view, from the beginning. Returns the function that ends it. */
export function attach(id: string, view: View): () => void {
  views.set(id, view);
  if (port !== null) tell({ kind: 'show', terminal: id });
  else if (!isAsked) {
    isAsked = true;
    ask('terminal.connect').then(
      (isSent) => {
        if (!isSent) isAsked = false;
      },
      (error: unknown) => {
        isAsked = false;
        report(error);
      },
    );
  }
  return () => {
    views.delete(id);
    tell({ kind: 'hide', terminal: id });
  };
}

/** Tells how much of a terminal was drawn, in bytes; holds the flood back. */
export function acknowledge(terminal: string, bytes: number): void {
  tell({ kind: 'acknowledge', terminal, bytes });
}

/** Takes the port that the preload script hands on, whenever there is a new one. */
export function followPort(): void {
  window.addEventListener('message', ({ source, data, ports: [given] }) => {
    if (source !== window || data !== 'muster:terminals' || given === undefined) return;
    port?.close();
    port = given;
    isAsked = false;
    given.onmessage = ({ data: message }) => {
      const { data: parsed } = toViewSchema.safeParse(message);
      if (parsed !== undefined) views.get(parsed.terminal)?.take(parsed);
    };
    for (const id of views.keys()) tell({ kind: 'show', terminal: id });
  });
}

/** The process is gone; the next view asks for the way to a new one. */
export function loseViews(): void {
  port?.close();
  port = null;
  isAsked = false;
  for (const view of views.values()) view.lost();
}
