/** What the `muster` command ends with. Documented in `docs/command-line.md`. */
export const exitCodes = {
  /** It did what was asked; a run succeeded. */
  ok: 0,
  /** A run failed or holds at a failed or unknown step; a ledger does not verify. */
  failed: 1,
  /** The command, its input or a file is wrong, or the store cannot be used. Nothing more was run. */
  refused: 2,
  /** The run waits for a person and can be resumed. */
  waiting: 3,
  /** The run was aborted. */
  aborted: 4,
  /** Ended by Ctrl-C or a signal; what runs goes on and the run can be resumed. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
