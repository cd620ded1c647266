import { DropdownMenu } from 'radix-ui';
import type { StepState } from '../../core/run/state.ts';
import { Button } from '../controls/Button.tsx';
import { usePanels } from '../shell/panels.ts';
import { openTerminal } from '../terminal/store.ts';
import type { Possible } from './can.ts';
import styles from './RunMenu.module.css';
import { send } from './send.ts';
import type { LoadedRun } from './store.ts';
import type { Asked } from './use-actions.ts';

interface Props {
  run: LoadedRun;
  step: StepState;
  here: boolean;
  can: Possible;
  onAsk: (asked: Asked) => void;
}

/** What is rarely wanted during a run, and abort. */
export default function RunMenu({ run, step, here, can, onAsk }: Props) {
  const panels = usePanels();
  const { declaredAt, mode, paused } = run.state;
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
          {item('Take this step back…', () => onAsk('undo'), !can.undo)}
          {item(
            step.status === 'skipped' ? 'Give this step its turn again…' : 'Do this step again…',
            () => onAsk('reopen'),
            !can.reopen,
          )}
          {paused === null
            ? item('Pause the run…', () => onAsk('pause'), !here)
            : item('Resume the run…', () => onAsk('resume'), !here)}
          <DropdownMenu.Separator className={styles.separator} />
          {item('Open a terminal', () => openTerminal(run.id))}
          {declaredAt === null &&
            (mode === 'incident' || mode === 'drill') &&
            item('Declare now', () => void send(run.id, { kind: 'declare' }), !here)}
          {item(panels.outline ? 'Hide the steps' : 'Show the steps', panels.toggleOutline)}
          {item(panels.side ? 'Hide the live panel' : 'Show the live panel', panels.toggleSide)}
          {item('Hand over…', () => onAsk('hand-over'), run.state.handedOver !== null)}
          <DropdownMenu.Separator className={styles.separator} />
          {item('Abort the run…', () => onAsk('abort'), !here)}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
