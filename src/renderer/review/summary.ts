import type { SectionChange } from '../../core/review/comparison.ts';

const counted = (count: number, one: string, many: string) =>
  count === 0 ? null : `${count} ${count === 1 ? one : many}`;

/** How much of a text changed, in words. */
export function summaryOf(sections: readonly SectionChange[]): string {
  const count = (change: SectionChange['change']) =>
    sections.filter((section) => section.change === change).length;
  const moved = sections.filter(({ movedFrom }) => movedFrom !== null).length;
  const parts = [
    counted(count('changed'), 'part changed', 'parts changed'),
    counted(count('added'), 'added', 'added'),
    counted(count('removed'), 'removed', 'removed'),
    counted(moved, 'moved', 'moved'),
    counted(count('same') - moved, 'as it was', 'as they were'),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
