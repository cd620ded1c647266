import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { openForward } from '../forward/forward.ts';
import { closeForward, heldForward, holdForward } from '../forward/held.ts';
import { choosePod } from '../pods/choose.ts';
import { plain, type VerbWork } from './work.ts';

export const portForward: VerbWork<KubernetesSpecOf<'port-forward'>> = {
  async preview(work) {
    const { spec, context, cluster, namespace } = work;
    if (spec['port-forward'] === 'close') {
      const forward = heldForward(context.run, spec.id);
      return plain(
        forward
          ? `Closes the port-forward ${spec.id} to ${forward.describes}.`
          : `No port-forward ${spec.id} is open.`,
      );
    }
    const pod = await choosePod(cluster, await cluster.place(spec['port-forward'], namespace));
    const local = spec.local === 0 ? 'a free local port' : `local port ${spec.local}`;
    return plain(
      `Opens ${local} to port ${spec.port} of ${spec['port-forward']}, now pod/${pod.metadata.name}, for the rest of the run.`,
    );
  },

  async act(work) {
    const { spec, context, connection, namespace } = work;
    const object = spec['port-forward'];
    if (object === 'close') {
      const isClosed = await closeForward(context.run, spec.id);
      return {
        summary: isClosed
          ? `Closed the port-forward ${spec.id}.`
          : `No port-forward ${spec.id} was open.`,
        values: {},
      };
    }
    // Its own port may be the very one that is asked for.
    await closeForward(context.run, spec.id);
    const forward = await openForward(
      connection,
      { object, namespace, port: spec.port ?? 0, local: spec.local },
      context.log,
    );
    await holdForward(context.run, spec.id, forward);
    return {
      summary: `${forward.host}:${forward.port} leads to ${forward.describes} for the rest of the run.`,
      values: { host: forward.host, port: forward.port, name: object, namespace },
    };
  },
};
