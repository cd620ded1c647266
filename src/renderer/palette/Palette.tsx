import { Command } from 'cmdk';
import { useMemo, useState } from 'react';
import { Dialog } from '../controls/Dialog.tsx';
import { Keys } from '../controls/Keys.tsx';
import { type Entry, entriesNow } from './entries.ts';
import styles from './Palette.module.css';

const most = 60;

/** Everything by name: actions of this screen, places, steps, runbooks, runs, themes. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('');
  const entries = useMemo(entriesNow, []);
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries
    .filter(({ name, group }) => {
      const text = `${name} ${group}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .slice(0, most);
  const groups = [...new Set(found.map(({ group }) => group))];

  const choose = (entry: Entry) => {
    onClose();
    // The palette gives focus back first, so that what the entry focuses stays focused.
    setTimeout(entry.run);
  };

  return (
    <Dialog title="Find anything" width="wide" onClose={onClose}>
      <Command shouldFilter={false} loop label="Find anything" className={styles.palette}>
        <Command.Input
          data-first
          className={styles.input}
          placeholder="An action, a step, a runbook, a run"
          value={query}
          onValueChange={setQuery}
        />
        <Command.List className={styles.list}>
          <Command.Empty className={styles.empty}>Nothing here has that name.</Command.Empty>
          {groups.map((group) => (
            <Command.Group key={group} heading={group} className={styles.group}>
              {found
                .filter((entry) => entry.group === group)
                .map((entry) => (
                  <Command.Item
                    key={entry.id}
                    value={entry.id}
                    className={styles.item}
                    onSelect={() => choose(entry)}
                  >
                    <span className={styles.name}>{entry.name}</span>
                    {entry.keys !== null && <Keys keys={entry.keys} />}
                  </Command.Item>
                ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}
