import { Button } from '../controls/Button.tsx';
import { Empty } from '../controls/Empty.tsx';
import styles from './Library.module.css';
import { clearFilters, clearSearch } from './search.ts';
import { addFolder } from './store.ts';

interface Props {
  found: { query: string } | null;
  /** Filters are set. */
  narrowed: boolean;
  /** There is not even a folder. */
  empty: boolean;
}

/** Why the list is empty, and the way on. */
export function NothingListed({ found, narrowed, empty }: Props) {
  if (found !== null) {
    return (
      <Empty below title={`No runbook matches "${found.query.trim()}"`}>
        <p>
          Every word has to stand in one runbook, or in one note of a run
          {narrowed ? ', and every filter has to let it pass' : ''}. Take one away, or clear the
          search.
        </p>
        <div className={styles.ways}>
          {narrowed && <Button onClick={clearFilters}>Clear filters</Button>}
          <Button onClick={clearSearch}>Clear search</Button>
        </div>
      </Empty>
    );
  }
  if (narrowed) {
    return (
      <Empty below title="No runbook passes these filters">
        <p>Take one of them away.</p>
        <Button onClick={clearFilters}>Clear filters</Button>
      </Empty>
    );
  }
  if (!empty) return null;
  return (
    <Empty below title="No runbooks yet">
      <p>Add the folder that holds your operations guides. Any Markdown file opens as it is.</p>
      <Button look="primary" onClick={addFolder}>
        Add folder…
      </Button>
    </Empty>
  );
}
