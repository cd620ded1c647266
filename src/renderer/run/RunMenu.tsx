import { DropdownMenu } from 'radix-ui';
import { Button } from '../controls/Button.tsx';
import { usePanels } from '../shell/panels.ts';
import { openTerminal } from '../terminal/store.ts';
import styles from './RunMenu.module.css';
import { send } from './send.ts';
import type { LoadedRun } from './store.ts';

interface Props {
  run: LoadedRun;
  here: boolean;
  onAbort: () => void;
  onHandOver: () => void;
}

/** What is rarely wanted during a run, and abort. */
export default function RunMenu({ run, here, onAbort, onHandOver }: Props) {
  const panels = usePanels();
  const { declaredAt, mode } = run.state;
  const item = (label: string, select: () => void, off = false) => (
    <DropdownMenu.Item className={styles.item} disabled={off} onSelect={select}>
      {label}
    </DropdownMenu.Item>
  );
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button look="quiet" aria-label="More actions">
          ⋯
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align="start" side="top" sideOffset={4}>
          {item('Open a terminal', () => openTerminal(run.id))}
          {declaredAt === null &&
            (mode === 'incident' || mode === 'drill') &&
            item('Declare now', () => void send(run.id, { kind: 'declare' }), !here)}
          {item(panels.outline ? 'Hide the steps' : 'Show the steps', panels.toggleOutline)}
          {item(panels.side ? 'Hide the live panel' : 'Show the live panel', panels.toggleSide)}
          {item('Hand over…', onHandOver, run.state.handedOver !== null)}
          <DropdownMenu.Separator className={styles.separator} />
          {item('Abort the run…', onAbort, !here)}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
