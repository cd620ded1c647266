import { create } from 'zustand';

interface ReviewView {
  /** What changed since the review is shown in place of the text. */
  compares: boolean;
  /** The question whether to approve is open. */
  approves: boolean;
  setCompares(compares: boolean): void;
  setApproves(approves: boolean): void;
}

/** What the page of a runbook shows of its review. */
export const useReviewView = create<ReviewView>()((set) => ({
  compares: false,
  approves: false,
  setCompares: (compares) => set({ compares }),
  setApproves: (approves) => set({ approves }),
}));
