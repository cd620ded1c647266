import { useRef, useState } from 'react';

/** A row of a list, and whether what it shows is no more. */
export interface Row<T> {
  item: T;
  isGone: boolean;
}

/** The same rows in the same places: what is gone stays as such, what is new comes last. */
export function steadied<T extends { name: string }>(
  before: readonly Row<T>[],
  items: readonly T[],
): Row<T>[] {
  const now = new Map(items.map((item) => [item.name, item]));
  const kept = before.map(({ item }): Row<T> => {
    const same = now.get(item.name);
    now.delete(item.name);
    return same === undefined ? { item, isGone: true } : { item: same, isGone: false };
  });
  return [...kept, ...[...now.values()].map((item) => ({ item, isGone: false }))];
}

/** Rows that stay where they are while the pointer or the focus is among them. */
export function useSteady<T extends { name: string }>(items: readonly T[]) {
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const last = useRef<readonly Row<T>[]>([]);
  const rows =
    isPointed || isFocused
      ? steadied(last.current, items)
      : items.map((item) => ({ item, isGone: false }));
  last.current = rows;
  return {
    rows,
    hold: {
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: () => setFocused(false),
    },
  };
}
