import { useEffect } from 'react';
import { Button } from '../controls/Button.tsx';
import { currentRun } from '../run/current.ts';
import { load, useRuns } from '../run/store.ts';
import { useNavigation } from '../shell/navigation.ts';
import { actingOf } from '../shell/target.ts';
import { Resizer } from './Resizer.tsx';
import { closeTab, hideTerminals, openTerminal, showTab, type Tab, useTerminals } from './store.ts';
import styles from './TerminalPanel.module.css';
import { TerminalView } from './TerminalView.tsx';

function exitWords({ exit }: Tab): string | null {
  if (exit === undefined) return null;
  if (exit === 'lost') return 'lost';
  return exit === null ? 'ended' : `exit ${exit}`;
}

/** The terminals below everything, each framed in the colour of the target that it is under. */
export default function TerminalPanel() {
  const { tabs, active, open, height } = useTerminals();
  const place = useNavigation((navigation) => navigation.place);
  const run = useRuns((runs) => currentRun(runs, place)?.id ?? null);
  const shown = tabs.find((tab) => tab.id === active) ?? tabs.at(-1) ?? null;
  // The frame says where this shell leads, whatever else is on the screen.
  const owner = shown?.run ?? null;
  const ownerRun = useRuns(({ loaded }) => (owner === null ? null : (loaded[owner] ?? null)));
  const target = (ownerRun && actingOf(ownerRun)?.targets[0]) ?? null;

  useEffect(() => {
    if (owner !== null) void load(owner);
  }, [owner]);

  useEffect(() => {
    if (shown !== null && shown.id !== active) useTerminals.setState({ active: shown.id });
  }, [shown, active]);

  return (
    <section
      className={styles.panel}
      aria-label="Terminal"
      hidden={!open}
      style={{ height }}
      data-bound={target?.care}
      data-colour={target?.colour ?? undefined}
    >
      <Resizer height={height} />
      <div className={styles.head}>
        {target !== null && <strong className={styles.target}>{target.name}</strong>}
        <div className={styles.tabs} role="tablist" aria-label="Terminals">
          {tabs.map((tab) => (
            <div
              key={tab.id}
              role="presentation"
              className={styles.tab}
              data-active={tab === shown || undefined}
            >
              <button
                type="button"
                role="tab"
                id={`tab-${tab.id}`}
                aria-selected={tab === shown}
                aria-controls={`terminal-${tab.id}`}
                onClick={() => showTab(tab.id)}
              >
                {tab.title}
                {exitWords(tab) !== null && <span className={styles.exit}>{exitWords(tab)}</span>}
              </button>
            </div>
          ))}
        </div>
        {shown !== null && (
          <Button
            look="quiet"
            aria-label={`Close terminal ${shown.title}`}
            onClick={() => closeTab(shown.id)}
          >
            Close
          </Button>
        )}
        <Button look="quiet" onClick={() => openTerminal(run)}>
          New terminal
        </Button>
        <Button look="quiet" keys="ctrl+`" onClick={hideTerminals}>
          Hide
        </Button>
      </div>
      {tabs.map((tab) => (
        <TerminalView key={tab.id} id={tab.id} visible={open && tab === shown} height={height} />
      ))}
    </section>
  );
}
