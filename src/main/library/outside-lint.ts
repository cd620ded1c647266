import type { Finding } from '../../core/runbook/model.ts';
import type { OpenedRunbook } from '../../engine/library/open-runbook.ts';

/** A longer text would keep the window waiting; the command line lints it. In characters. */
const LONGEST = 500_000;

/** Lints for the page of a runbook what the window itself cannot see. One text at a time. */
export class OutsideLint {
  #program: Promise<string | null> | null = null;
  #stop = new AbortController();

  /** The findings, without those of an earlier text that is still being looked at. */
  async find({ path, text, runbook }: OpenedRunbook): Promise<Finding[]> {
    this.close();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    if (text.length > LONGEST) return [];
    const { Subject } = await import('../../core/lint/subject.ts');
    const { outsideFindings } = await import('../../engine/lint/outside.ts');
    const { findShellcheck } = await import('../../engine/lint/shellcheck.ts');
    this.#program ??= findShellcheck(process.env.PATH);
    const shellcheck = await this.#program;
    return outsideFindings(path, new Subject(text, runbook), { shellcheck, signal });
  }

  close(): void {
    this.#stop.abort();
  }
}
