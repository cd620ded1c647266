import { type ReactNode, useRef, useState } from 'react';
import { attach, attachTarget } from '../attachments/attach.ts';
import { ask, pathOfDropped } from '../bridge.ts';
import styles from './Frame.module.css';
import { go } from './navigation.ts';
import { report, show } from './problems.ts';

const markdown = /\.(md|markdown|mdown)$/i;

async function take(files: DataTransferItem[]): Promise<void> {
  const entry = files[0]?.webkitGetAsEntry();
  const file = files[0]?.getAsFile();
  if (file === null || file === undefined) return;
  const path = pathOfDropped(file);
  if (entry?.isDirectory === true) {
    await ask('library.addDroppedFolder', { path });
    go('library');
    return;
  }
  if (!markdown.test(file.name)) {
    show({
      code: 'drop-not-markdown',
      what: `"${file.name}" is not a Markdown file.`,
      safe: 'Nothing was opened and nothing was changed.',
      next: 'Drop a file that ends in .md or .markdown, or a folder that holds such files.',
    });
    return;
  }
  go('library', path);
}

const invitations = {
  open: 'Drop a runbook to open it, or a folder to add it',
  attach: 'Drop files to attach them to the run',
} as const;

/** A file or a folder dropped anywhere on the window opens, or is attached where that is marked. */
export function DropTarget({ children }: { children: ReactNode }) {
  const [over, setOver] = useState<'open' | 'attach' | null>(null);
  const depth = useRef(0);
  const holdsFiles = (event: React.DragEvent) => event.dataTransfer.types.includes('Files');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has its buttons in the library
    <div
      style={{ height: '100%' }}
      onDragEnter={(event) => {
        if (!holdsFiles(event)) return;
        depth.current += 1;
        setOver(attachTarget(event.target) === null ? 'open' : 'attach');
      }}
      onDragLeave={(event) => {
        if (!holdsFiles(event)) return;
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setOver(null);
      }}
      onDragOver={(event) => {
        if (holdsFiles(event)) event.preventDefault();
      }}
      onDrop={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(null);
        const to = attachTarget(event.target);
        if (to !== null) {
          void attach(to, [...event.dataTransfer.files]);
          return;
        }
        const files = [...event.dataTransfer.items].filter((item) => item.kind === 'file');
        take(files).catch(report);
      }}
    >
      {children}
      {over !== null && <div className={styles.drop}>{invitations[over]}</div>}
    </div>
  );
}
