import { createRedactor } from '../core/ledger/redact.ts';
import { MusterError } from '../core/problem.ts';
import type { EventBody } from '../core/run/events.ts';
import { stepNamed } from '../core/run/places.ts';
import { noSuchStep, runHandedOver } from '../core/run/refusals.ts';
import type { RunState } from '../core/run/state.ts';
import type { Runbook } from '../core/runbook/model.ts';
import type { Holder, Store } from '../store/open.ts';
import type { Engine } from './api.ts';
import { prepareAttachment } from './attachments.ts';
import { handOver, refuseHandOver } from './hand-over/hand-over.ts';
import { takeOver } from './hand-over/take-over.ts';
import { awaitedAt } from './people/approval-check.ts';
import { requestApproval } from './people/approvals.ts';

/** What an engine does for people beside the operator: files, requests for approval, hand-overs. */
export function createCollaboration(desk: {
  store: Store;
  operator: string;
  holder: Holder;
  session: string;
  version: string;
  /** A run as it stands, driven here or not. */
  view(run: string): { state: RunState; runbook: Runbook };
  /** What must not be seen of it. */
  secretsOf(run: string): Promise<readonly string[]>;
  /** Puts an event on disk that comes from beside the run's own course. */
  record(run: string, body: EventBody): void;
  /** Stops driving the run here; nothing happens when it is not. */
  letGo(run: string): Promise<void>;
}): Pick<Engine, 'attach' | 'requestApproval' | 'handOver' | 'takeOver'> {
  const { store, operator, session } = desk;
  return {
    async attach(run, { step, name, bytes }) {
      const { state } = desk.view(run);
      if (state.handedOver !== null) throw new MusterError(runHandedOver(state.handedOver.to));
      if (step !== null && !stepNamed(state, step)) throw new MusterError(noSuchStep(step));
      const redactor = createRedactor(await desk.secretsOf(run));
      const { attachment, content } = prepareAttachment(
        { name, bytes },
        {
          text: redactor.text,
          bytes: (whole) => Buffer.concat([redactor.push(whole), redactor.flush()]),
        },
      );
      // The content first: it harms nothing without its event, and an event is told once it is on disk.
      store.attachments.keep(attachment.sha256, [content]);
      desk.record(run, { kind: 'attachment.added', step, attachment, by: operator });
    },

    requestApproval(run, step) {
      const { state, runbook } = desk.view(run);
      return requestApproval(store, awaitedAt(state, runbook, step).subject, operator);
    },

    async handOver(run, wanted) {
      // Before anything lets go of it: a run that cannot be handed over goes on undisturbed.
      refuseHandOver(desk.view(run).state);
      await desk.letGo(run);
      const { holder, version } = desk;
      await handOver(store, { run, ...wanted }, { operator, holder, session, version });
    },

    takeOver: (given) => takeOver(store, given, { operator, session }),
  };
}
