import { useEffect } from 'react';
import { refuseAttachment } from '../../core/attachments/refusals.ts';
import { MusterError } from '../../core/problem.ts';
import { ask } from '../bridge.ts';
import { announce } from '../shell/announce.ts';
import { report } from '../shell/problems.ts';

/** Where files that are dropped or pasted go: a run, and the step on the screen or none. */
export interface AttachTo {
  run: string;
  step: string | null;
}

/** Keeps files with a run, one after the other; what goes wrong is shown. */
export async function attach({ run, step }: AttachTo, files: readonly File[]): Promise<void> {
  for (const file of files) {
    try {
      const name = file.name === '' ? 'pasted' : file.name;
      const problem = refuseAttachment(name, file.size);
      if (problem !== null) throw new MusterError(problem);
      const bytes = new Uint8Array(await file.arrayBuffer());
      await ask('attachment.add', { run, step, name, bytes });
      announce(`Attached ${name}.`);
    } catch (thrown) {
      report(thrown);
    }
  }
}

/** Marks an element on which files are dropped to be attached; see `attachTarget`. */
export function dropsAttach({ run, step }: AttachTo): Record<string, string> {
  return { 'data-attach-run': run, ...(step === null ? {} : { 'data-attach-step': step }) };
}

/** To what a drop on this element attaches, or null where it does not. */
export function attachTarget(target: EventTarget): AttachTo | null {
  const marked = target instanceof Element ? target.closest('[data-attach-run]') : null;
  const run = marked?.getAttribute('data-attach-run');
  return run ? { run, step: marked?.getAttribute('data-attach-step') ?? null } : null;
}

/** While the run is on the screen, files that are pasted are attached; text is pasted as always. */
export function usePasteAttaches(run: string, step: string | null): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      void attach({ run, step }, files);
    };
    window.addEventListener('paste', paste);
    return () => window.removeEventListener('paste', paste);
  }, [run, step]);
}
