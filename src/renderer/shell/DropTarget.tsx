import { type ReactNode, useRef, useState } from 'react';
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

/** A file or a folder dropped anywhere on the window opens. */
export function DropTarget({ children }: { children: ReactNode }) {
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const holdsFiles = (event: React.DragEvent) => event.dataTransfer.types.includes('Files');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has its buttons in the library
    <div
      style={{ height: '100%' }}
      onDragEnter={(event) => {
        if (!holdsFiles(event)) return;
        depth.current += 1;
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!holdsFiles(event)) return;
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setOver(false);
      }}
      onDragOver={(event) => {
        if (holdsFiles(event)) event.preventDefault();
      }}
      onDrop={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        const files = [...event.dataTransfer.items].filter((item) => item.kind === 'file');
        take(files).catch(report);
      }}
    >
      {children}
      {over && <div className={styles.drop}>Drop a runbook to open it, or a folder to add it</div>}
    </div>
  );
}
