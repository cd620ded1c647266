import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';

interface Wish {
  /** What scrolls: the page, not the list. Null until it is there. */
  page: HTMLElement | null;
  count: number;
  rowHeight: number;
  keyOf: (index: number) => string | number;
}

/** A long list that scrolls with its page: only what is near the window is drawn. */
export function usePageList<E extends HTMLElement>({ page, count, rowHeight, keyOf }: Wish) {
  const list = useRef<E>(null);
  const [top, setTop] = useState(0);

  useLayoutEffect(() => {
    const element = list.current;
    if (element === null || page === null) return;
    const measure = () => {
      const distance = element.getBoundingClientRect().top - page.getBoundingClientRect().top;
      setTop(Math.round(distance + page.scrollTop));
    };
    measure();
    // What stands above the list may grow, for example when the fonts arrive.
    const observer = new ResizeObserver(measure);
    if (element.parentElement !== null) observer.observe(element.parentElement);
    return () => observer.disconnect();
  }, [page]);

  const rows = useVirtualizer({
    count,
    getScrollElement: () => page,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    scrollMargin: top,
    overscan: 12,
  });
  return { list, rows, top };
}
