import { create } from 'zustand';

/** What stands in the middle of a runbook's page. */
type Shown = 'text' | 'difference' | 'adoption';

interface PageView {
  shows: Shown;
  /** The question whether to approve is open. */
  approves: boolean;
  show(shows: Shown): void;
  setApproves(approves: boolean): void;
}

/** What the page of a runbook shows: its text, what changed since the review, or its adoption. */
export const usePageView = create<PageView>()((set) => ({
  shows: 'text',
  approves: false,
  show: (shows) => set({ shows }),
  setApproves: (approves) => set({ approves }),
}));
