import { MusterError } from '../core/problem.ts';
import type { Engine } from '../engine/api.ts';
import { notDrivenHere } from '../engine/failures.ts';

/**
 * An engine that is loaded when something is to be done. Until then nothing is driven here, and the
 * first screen does not wait for parsers and clients that it has no use for.
 */
export function lazyEngine(load: () => Promise<Engine>): Engine {
  let loading: Promise<Engine> | null = null;
  let loaded: Engine | null = null;
  const engine = async (): Promise<Engine> => {
    loading ??= load();
    loaded = await loading;
    return loaded;
  };
  return {
    start: async (request) => (await engine()).start(request),
    resume: async (run) => (await engine()).resume(run),
    command: async (run, command) => (await engine()).command(run, command),
    preview: async (run, step) => (await engine()).preview(run, step),
    follow: (run, listener) => loaded?.follow(run, listener) ?? (() => {}),
    driven: (run) => loaded?.driven(run) ?? null,
    outputAhead: (...of) => loaded?.outputAhead(...of) ?? [],
    async environment(run) {
      if (loaded === null) throw new MusterError(notDrivenHere(run));
      return loaded.environment(run);
    },
    attach: async (...given) => (await engine()).attach(...given),
    requestApproval(run, step) {
      if (loaded === null) throw new MusterError(notDrivenHere(run));
      return loaded.requestApproval(run, step);
    },
    handOver: async (run, wanted) => (await engine()).handOver(run, wanted),
    takeOver: async (given) => (await engine()).takeOver(given),
    async close() {
      await (await loading)?.close();
    },
  };
}
