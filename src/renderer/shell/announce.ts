import { create } from 'zustand';

/** The last sentence for the polite live region; `id` makes a repeated sentence a new one. */
export const useAnnouncement = create<{ id: number; text: string }>()(() => ({ id: 0, text: '' }));

export function announce(text: string): void {
  useAnnouncement.setState(({ id }) => ({ id: id + 1, text }));
}
