import { resolve } from 'node:path';
import {
  type DumpSpec,
  postgres as kind,
  type PostgresSpec,
  type RestoreSpec,
  type SwapSpec,
  type UpkeepSpec,
} from '../../core/actions/kinds/postgres.ts';
import { MusterError, type Problem } from '../../core/problem.ts';
import { dumpFormat } from '../databases/check-dump.ts';
import { reach } from '../databases/connection.ts';
import { dump, dumpFile, dumpRefusal } from '../databases/dump.ts';
import { readManifest } from '../databases/manifest.ts';
import { removeDatabase, restore, restoredSchema } from '../databases/restore.ts';
import { swapBack, swapIn } from '../databases/swap.ts';
import { upkeep } from '../databases/upkeep.ts';
import type { Done, Preview, StepContext, StructuredKind } from './structured.ts';

/** Whole databases; the work is in `engine/databases/`. */
export const postgres: StructuredKind<PostgresSpec> = {
  kind,
  async preview(context) {
    const { spec, target } = context;
    const connection = await target().database(spec.database);
    const where = `${connection.host}:${connection.port} as ${connection.user}`;
    if ('dump' in spec) {
      const file = dumpFile(spec, context.cwd, connection.database, new Date());
      const text = `Dumps ${connection.database} at ${where} to ${file} and reads it to its end.`;
      return { text, detail: null, problem: dumpRefusal(spec, file) };
    }
    if ('restore' in spec) return previewRestore(spec, context.cwd, connection.database, where);
    if ('swap' in spec) {
      const database = spec.into ?? connection.database;
      return {
        text: `Gives ${spec.swap} at ${where} the name ${database}. What has that name is kept as ${database}_before_<time>, and its sessions are ended.`,
        detail: null,
        problem: null,
      };
    }
    return { text: `${kind.describe({ ...spec })}, at ${where}.`, detail: null, problem: null };
  },

  act(context) {
    const { spec } = context;
    if ('dump' in spec) return dump(withSpec<DumpSpec>(context, spec));
    if ('restore' in spec) return restore(withSpec<RestoreSpec>(context, spec));
    if ('swap' in spec) return swap(withSpec<SwapSpec>(context, spec));
    return upkeep(withSpec<UpkeepSpec>(context, spec));
  },

  async undo({ spec, target, signal, log }, before) {
    const made = restoredSchema.parse(before);
    const connection = await target().database(spec.database);
    return reach(connection, signal, async (reachable): Promise<Done> => {
      if ('created' in made) {
        await removeDatabase(reachable, made.created, signal);
        return { summary: `Removed the restored database ${made.created}.`, values: {} };
      }
      const aside = await swapBack(reachable, made.swapped, signal, log);
      const { database, kept } = made.swapped;
      const back = kept === null ? `There is no ${database} again` : `${kept} is ${database} again`;
      return { summary: `${back}; the restored one is kept as ${aside}.`, values: {} };
    });
  },
};

function withSpec<S extends PostgresSpec>(
  context: StepContext<PostgresSpec>,
  spec: S,
): StepContext<S> {
  return { ...context, spec };
}

function previewRestore(spec: RestoreSpec, cwd: string, own: string, where: string): Preview {
  const file = resolve(cwd, spec.restore);
  const database = spec.into ?? own;
  const then = spec.swap
    ? ` Then the new one takes the name ${database}; the old one is kept as ${database}_before_<time>, and its sessions are ended.`
    : ` ${database} itself is not touched.`;
  let detail: string | null = null;
  let problem: Problem | null = null;
  try {
    dumpFormat(file);
    const manifest = readManifest(file);
    if (manifest) detail = JSON.stringify(manifest, null, 2);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    problem = error.problem;
  }
  return {
    text: `Reads ${file} to its end, restores it at ${where} into a new database ${database}_restored_<time> and checks that.${then}`,
    detail,
    problem,
  };
}

async function swap({ spec, target, signal, log }: StepContext<SwapSpec>): Promise<Done> {
  const connection = await target().database(spec.database);
  const database = spec.into ?? connection.database;
  return reach(connection, signal, async (reachable) => {
    const swapped = await swapIn(reachable, spec.swap, database, signal, log);
    const kept = swapped.kept === null ? '' : ` The old one is kept as ${swapped.kept}.`;
    return {
      summary: `${spec.swap} is now ${database}.${kept}`,
      values: { database, kept: swapped.kept ?? '' },
      before: { swapped },
    };
  });
}
