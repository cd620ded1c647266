import { Command } from 'cmdk';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Dialog } from '../controls/Dialog.tsx';
import { Keys } from '../controls/Keys.tsx';
import { actionEntries, type Entry, useItemEntries } from './entries.ts';
import styles from './Palette.module.css';
import { type PaletteProps, palettePlaceholder, paletteTitle } from './PaletteOpening.tsx';

const most = 60;

/** Everything by name: actions of this screen, places, steps, runbooks, runs, themes. */
export default function Palette({ typed, isEntered, onClose }: PaletteProps) {
  const [query, setQuery] = useState(typed);
  const actions = useMemo(actionEntries, []);
  const entries = [...actions, ...useItemEntries()];
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
  // Once: Enter came before there was anything to choose from.
  const first = useRef(isEntered ? found[0] : undefined);
  useEffect(() => {
    const entry = first.current;
    first.current = undefined;
    if (entry !== undefined) choose(entry);
  });

  return (
    <Dialog title={paletteTitle} width="wide" onClose={onClose}>
      <Command shouldFilter={false} loop label={paletteTitle} className={styles.palette}>
        <Command.Input
          data-first
          className={styles.input}
          placeholder={palettePlaceholder}
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
