import { useEffect, useMemo, useState } from 'react';
import { isNone, libraryFiltersSchema } from '../../core/library/filters.ts';
import type { LibraryGroup } from '../../shared/ipc.ts';
import { Button } from '../controls/Button.tsx';
import styles from './FilterBar.module.css';
import { facetsOf } from './facets.ts';
import { clearFilters, type Sort, setFilters, useSearch } from './search.ts';

const sorts: Record<Sort, string> = {
  title: 'By name',
  changed: 'Last changed first',
  steps: 'Most steps first',
};

interface SelectProps {
  name: string;
  value: string;
  options: readonly { value: string; label: string }[];
  /** Stands for no choice; without it there always is one. */
  none?: string;
  onChange: (value: string) => void;
  first?: boolean;
}

/** The platform's own list: it knows the keyboard, and costs nothing at start. */
function Chip({ name, value, options, none, onChange, first }: SelectProps) {
  return (
    <span className={styles.chip} data-on={(none !== undefined && value !== '') || undefined}>
      <select
        aria-label={name}
        value={value}
        data-filter={first || undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        {none !== undefined && <option value="">{none}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </span>
  );
}

/** The list is drawn first; so long after it the choices wait for somebody who wants them, in ms. */
const CHOICES_MS = 1_000;

/** What narrows the library, and its order. */
export function FilterBar({ groups }: { groups: readonly LibraryGroup[] }) {
  const [isWhole, setWhole] = useState(false);
  const complete = () => setWhole(true);
  useEffect(() => {
    const timer = setTimeout(() => setWhole(true), CHOICES_MS);
    return () => clearTimeout(timer);
  }, []);
  const { filters, sort, found } = useSearch();
  const facets = useMemo(() => facetsOf(groups, filters), [groups, filters]);
  const choose = (name: string, value: string) => {
    const chosen = libraryFiltersSchema.safeParse({ ...filters, [name]: value || null });
    if (chosen.success) setFilters(chosen.data);
  };
  return (
    <search
      className={styles.bar}
      aria-label="Filters"
      onPointerEnter={complete}
      onFocus={complete}
    >
      {facets.map(({ name, label, options }, index) => (
        <Chip
          key={name}
          name={label}
          none={label}
          value={filters[name] ?? ''}
          options={isWhole ? options : options.filter(({ value }) => value === filters[name])}
          onChange={(value) => choose(name, value)}
          first={index === 0}
        />
      ))}
      {!isNone(filters) && (
        <Button look="quiet" onClick={clearFilters}>
          Clear filters
        </Button>
      )}
      <span className={styles.space} />
      {found === null ? (
        <Chip
          name="Sort by"
          value={sort}
          options={Object.entries(sorts).map(([value, label]) => ({ value, label }))}
          onChange={(value) => {
            const chosen = (Object.keys(sorts) as Sort[]).find((one) => one === value);
            if (chosen !== undefined) useSearch.setState({ sort: chosen });
          }}
        />
      ) : (
        <span className={styles.order}>Best match first</span>
      )}
    </search>
  );
}
