import { DropdownMenu } from 'radix-ui';
import { Button } from '../controls/Button.tsx';
import styles from '../run/RunMenu.module.css';
import { editRunbook, exportRunbook, printRunbook } from './paper.ts';

interface Props {
  path: string;
  /** It was asked for before it was loaded. */
  opened: boolean;
  /** Null for a runbook that needs no adopting. */
  onAdopt: (() => void) | null;
}

/** What is done with the file of a runbook besides running it. */
export default function RunbookMenu({ path, opened, onAdopt }: Props) {
  const item = (label: string, select: () => void) => (
    <DropdownMenu.Item className={styles.item} onSelect={select}>
      {label}
    </DropdownMenu.Item>
  );
  return (
    <DropdownMenu.Root modal={false} defaultOpen={opened}>
      <DropdownMenu.Trigger asChild>
        <Button aria-label="More for this runbook">⋯</Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align="end" sideOffset={4}>
          {item('Open in editor', () => editRunbook(path))}
          {onAdopt !== null && item('Adopt as a runbook…', onAdopt)}
          <DropdownMenu.Separator className={styles.separator} />
          {item('Export as HTML…', () => exportRunbook(path, 'html'))}
          {item('Export as PDF…', () => exportRunbook(path, 'pdf'))}
          {item('Print…', () => printRunbook(path))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
