import { useMemo, useRef, useState } from 'react';
import styles from './OutputPanel.module.css';
import { plain, type Sheet } from './sheet.ts';

export interface Find {
  open: boolean;
  query: string;
  matches: readonly number[];
  at: number;
  /** The line it stands on. */
  line: number | null;
  field: React.RefObject<HTMLInputElement | null>;
  begin: () => void;
  end: () => void;
  look: (query: string) => void;
  move: (by: number) => void;
}

/** Finding in an output, without regard to case. */
export function useFind(sheet: Sheet): Find {
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const matches = useMemo(() => {
    const wanted = query.toLowerCase();
    if (!open || wanted === '') return [];
    return sheet.lines.flatMap((line, index) =>
      plain(line).toLowerCase().includes(wanted) ? [index] : [],
    );
  }, [open, query, sheet]);
  const place =
    matches.length === 0 ? 0 : ((at % matches.length) + matches.length) % matches.length;
  return {
    open,
    query,
    matches,
    at: place,
    line: matches[place] ?? null,
    field,
    begin: () => {
      setOpen(true);
      requestAnimationFrame(() => field.current?.select());
    },
    end: () => setOpen(false),
    look: (text) => {
      setQuery(text);
      setAt(0);
    },
    move: (by) => setAt(place + by),
  };
}

export function OutputFind({ find }: { find: Find }) {
  if (!find.open) return null;
  return (
    <search className={styles.find}>
      <input
        ref={find.field}
        type="text"
        aria-label="Find in the output"
        placeholder="Find in the output"
        value={find.query}
        onChange={(event) => find.look(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') find.move(event.shiftKey ? -1 : 1);
          if (event.key === 'Escape') find.end();
        }}
      />
      <span role="status">
        {find.query === ''
          ? ''
          : find.matches.length === 0
            ? 'not found'
            : `line ${find.at + 1} of ${find.matches.length}`}
      </span>
      <button type="button" onClick={() => find.move(-1)}>
        Previous
      </button>
      <button type="button" onClick={() => find.move(1)}>
        Next
      </button>
      <button type="button" onClick={find.end}>
        Close
      </button>
    </search>
  );
}
