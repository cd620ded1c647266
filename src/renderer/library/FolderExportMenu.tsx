import { DropdownMenu } from 'radix-ui';
import { Button } from '../controls/Button.tsx';
import styles from '../run/RunMenu.module.css';
import { exportFolder } from './paper.ts';

/** As what a folder is written. It appears because it was asked for, so it is open at first. */
export default function FolderExportMenu({ path, label }: { path: string; label: string }) {
  const item = (words: string, format: 'html' | 'pdf') => (
    <DropdownMenu.Item className={styles.item} onSelect={() => exportFolder(path, format)}>
      {words}
    </DropdownMenu.Item>
  );
  return (
    <DropdownMenu.Root modal={false} defaultOpen>
      <DropdownMenu.Trigger asChild>
        <Button look="quiet" aria-label={label}>
          Export…
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align="end" sideOffset={4}>
          {item('As one HTML file…', 'html')}
          {item('As one PDF…', 'pdf')}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
