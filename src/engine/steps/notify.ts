import { createHash } from 'node:crypto';
import { notify as kind, type NotifySpec } from '../../core/actions/kinds/notify.ts';
import { type Message, payloadOf } from '../../core/notify/payload.ts';
import { channelsFor, type Routes } from '../../core/notify/routes.ts';
import { MusterError } from '../../core/problem.ts';
import { jsonEvidence } from '../checks/result.ts';
import { DeliveryFault, deliver } from '../notify/deliver.ts';
import { tryLater } from '../notify/outbox.ts';
import { readRoutes, routesFile } from '../notify/read-routes.ts';
import type { StepContext, StructuredKind } from './structured.ts';

type Context = StepContext<NotifySpec>;

/** Tells people; the work is in `engine/notify/`. */
export const notify: StructuredKind<NotifySpec> = {
  kind,
  async preview(context) {
    const { routes, names, why } = whoIsTold(context);
    if (why !== null) return { text: `Nobody would be told: ${why}.`, detail: null, problem: null };
    const message = messageOf(context);
    const shown = names.map((name) => {
      const channel = routes.channels[name];
      const payload = channel && payloadOf(channel, message, (reference) => `<${reference}>`);
      return { channel: name, payload: payload ?? 'There is no such channel.' };
    });
    return {
      text: `Tells ${names.join(', ')}: ${message.title}`,
      detail: JSON.stringify(shown, null, 2),
      problem: null,
    };
  },

  async act(context) {
    const { signal, log, evidence } = context;
    const message = messageOf(context);
    const { routes, names, why } = whoIsTold(context);
    if (why !== null) {
      return {
        summary: `Nobody was told: ${why}.`,
        values: { delivered: 0, key: message.key },
        verdict: 'degraded',
      };
    }
    const ends = await Promise.all(
      names.map(async (name) => {
        const fault = await tell(context, routes, name, message);
        log(fault === null ? `${name} took the message` : `${name} did not: ${fault}`);
        return { channel: name, fault };
      }),
    );
    signal.throwIfAborted();
    evidence(jsonEvidence('deliveries', { message, ends }));
    const failed = ends.filter(({ fault }) => fault !== null).map(({ channel }) => channel);
    const delivered = ends.length - failed.length;
    return {
      summary:
        failed.length === 0
          ? `Told ${names.join(', ')}: ${message.title}`
          : `Told ${delivered} of ${ends.length} channels. Not reached: ${failed.join(', ')}.`,
      values: { delivered, key: message.key },
      verdict: failed.length === 0 ? 'healthy' : 'degraded',
    };
  },
};

/** Why the channel did not take it at once, or null. What may still pass is tried again later. */
async function tell(
  context: Context,
  routes: Routes,
  name: string,
  message: Message,
): Promise<string | null> {
  const channel = Object.hasOwn(routes.channels, name) ? routes.channels[name] : undefined;
  if (channel === undefined) return 'there is no such channel';
  const attempt = (signal: AbortSignal): Promise<void> =>
    deliver(channel, message, context, signal);
  try {
    await attempt(context.signal);
    return null;
  } catch (error) {
    if (context.signal.aborted) throw error;
    if (!(error instanceof DeliveryFault)) throw error;
    if (!error.passes) return error.message;
    tryLater(attempt, (fault) => {
      if (fault === null) return;
      const title = `${name} was not reached`;
      context.notify({ title, text: `"${message.title}" could not be delivered: ${fault}` });
    });
    return `${error.message}; it is tried again in the background`;
  }
}

/** The channels of the message, or why there are none. */
function whoIsTold({ home, spec }: Context): {
  routes: Routes;
  names: string[];
  why: string | null;
} {
  const nobody: Routes = {
    channels: {},
    routes: { info: [], warning: [], error: [], critical: [] },
    teams: {},
  };
  let routes: Routes | null;
  try {
    routes = readRoutes(home);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    const { what, detail } = error.problem;
    return { routes: nobody, names: [], why: `${what} ${detail ?? ''}`.trim() };
  }
  if (routes === null) {
    return { routes: nobody, names: [], why: `there is no ${routesFile(home)}` };
  }
  const names = spec.channels ?? channelsFor(routes, spec.severity, spec.team);
  return { routes, names, why: names.length === 0 ? `no channel is for ${spec.severity}` : null };
}

function messageOf({ spec, run, step }: Context): Message {
  const { title, text, severity, details, link, event, key } = spec;
  const same = createHash('sha256').update(JSON.stringify([run, step.id, title, text, event]));
  return {
    title,
    text,
    severity,
    details,
    link: link ?? null,
    event,
    key: key ?? same.digest('hex').slice(0, 24),
    run,
    step: step.id,
    at: new Date().toISOString(),
  };
}
