import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { MusterError } from '../../../core/problem.ts';
import { readRegularExpression } from '../../../core/runbook/pattern/pattern.ts';
import { formatDuration, parseDuration } from '../../../core/units.ts';
import { choosePod, containerOf } from '../pods/choose.ts';
import { followLogs } from '../pods/follow-logs.ts';
import { logLines } from '../pods/logs.ts';
import type { PodPlace } from '../pods/run.ts';
import { explain } from '../waiting/explain.ts';
import { deadlineOf } from '../waiting/wait-until.ts';
import { plain, seconds, type VerbWork, type Work } from './work.ts';

/** A log without an end is read so far where the step does not say, in lines. */
const USUAL_TAIL = 1_000;

type Spec = KubernetesSpecOf<'logs'>;

export const logs: VerbWork<Spec> = {
  async preview(work) {
    const { pod, container } = await placeOf(work);
    return plain(`Reads the log of container ${container} of pod/${pod}.`);
  },

  async act(work) {
    const { spec } = work;
    const place = await placeOf(work);
    return spec.until === undefined ? read(work, place) : follow(work, place, spec.until);
  },
};

async function placeOf(work: Work<Spec>): Promise<PodPlace> {
  const { spec, cluster, namespace } = work;
  const place = await cluster.place(spec.logs, namespace);
  return containerOf(await choosePod(cluster, place), spec.container);
}

function rangeOf({ tail, since }: Spec): { tail?: number; sinceSeconds?: number } {
  const sinceMs = since === undefined ? null : parseDuration(since);
  return {
    ...(tail !== undefined && { tail }),
    ...(sinceMs !== null && { sinceSeconds: Math.max(1, Math.round(sinceMs / 1000)) }),
  };
}

async function read(work: Work<Spec>, place: PodPlace) {
  const { spec, context, connection } = work;
  const range = rangeOf(spec);
  let line = '';
  let count = 0;
  for await (line of logLines(connection, place, {
    ...(spec.tail === undefined && spec.since === undefined && { tail: USUAL_TAIL }),
    ...range,
    ...work.asked,
    ...(spec.previous !== undefined && { previous: spec.previous }),
  })) {
    context.log(line);
    count += 1;
  }
  return {
    summary: `Read ${count} lines of the log of pod/${place.pod}.`,
    values: { line, count, name: place.pod, namespace: place.namespace },
  };
}

async function follow(work: Work<Spec>, place: PodPlace, until: string) {
  const { spec, context, connection } = work;
  const pattern = readRegularExpression(until);
  if (!pattern.ok) throw new Error(`Not a pattern: ${pattern.message}`);
  const began = Date.now();
  const found = new AbortController();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), deadlineOf(context.step.timeoutMs, began) - began);
  let line: string | null = null;
  let count = 0;
  try {
    await followLogs(
      connection,
      place,
      { ...rangeOf(spec), ...(work.asked.onRetry && { onRetry: work.asked.onRetry }) },
      (one) => {
        if (line !== null) return;
        context.log(one);
        count += 1;
        context.progress({ label: `Waiting for ${until}`, done: count, total: null, unit: 'rows' });
        if (!pattern.pattern.test(one)) return;
        line = one;
        found.abort();
      },
      AbortSignal.any([context.signal, found.signal, late.signal]),
      (why) => context.log(`The log broke off: ${why} Going on.`),
    );
  } catch (error) {
    context.signal.throwIfAborted();
    if (!found.signal.aborted && !late.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
  if (line === null)
    throw await notSeen(work, place, until, late.signal.aborted, Date.now() - began);
  return {
    summary: `pod/${place.pod} logged a line that matches ${until} after ${seconds(began)}.`,
    values: { line, count, name: place.pod, namespace: place.namespace },
  };
}

async function notSeen(
  { cluster, spec, namespace }: Work<Spec>,
  place: PodPlace,
  until: string,
  isLate: boolean,
  ms: number,
): Promise<MusterError> {
  const target = await cluster
    .impatient()
    .place(spec.logs, namespace)
    .catch(() => null);
  const reasons =
    target === null ? [] : await explain(cluster.impatient(), [target]).catch(() => []);
  const how = isLate ? `within ${formatDuration(ms)}` : 'before the container ended';
  return new MusterError({
    code: 'kubernetes-log-line-missing',
    what: `pod/${place.pod} logged no line that matches ${until} ${how}${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}.`,
    safe: 'Reading the log changed nothing.',
    next: 'Read what it logged instead, then retry.',
  });
}
