import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { MusterError } from '../../../core/problem.ts';
import { formatBytes } from '../../../core/units.ts';
import { fileFailure } from '../../file-failure.ts';
import { copyFileIn } from '../copy/in-file.ts';
import { copyFolderIn } from '../copy/in-folder.ts';
import { copyFileOut } from '../copy/out-file.ts';
import { copyFolderOut } from '../copy/out-folder.ts';
import { remoteFile, type Transfer } from '../copy/transfer.ts';
import { choosePod, containerOf } from '../pods/choose.ts';
import { plain, seconds, type VerbWork, type Work } from './work.ts';

type Out = KubernetesSpecOf<'copy-out'>;
type In = KubernetesSpecOf<'copy-in'>;

export const copyOut: VerbWork<Out> = {
  async preview(work) {
    const transfer = await transferOf(work, work.spec['copy-out'], work.spec.container);
    const { path, to } = work.spec;
    const { size, isFolder } = await remoteFile(transfer, path);
    const what = isFolder ? `the folder ${path}` : `${path} (${formatBytes(size)})`;
    return plain(`Copies ${what} of pod/${transfer.place.pod} to ${to}.`);
  },
  async act(work) {
    const { spec, context } = work;
    const began = Date.now();
    const transfer = await transferOf(work, spec['copy-out'], spec.container);
    const to = resolve(context.cwd, spec.to);
    const { isFolder } = await remoteFile(transfer, spec.path);
    const copied = await (isFolder
      ? copyFolderOut(transfer, spec.path, to)
      : copyFileOut(transfer, spec.path, to)
    ).catch((error: unknown) => {
      throw fileFailure(error, to, `The original in pod/${transfer.place.pod} was not changed.`);
    });
    return {
      summary: summaryOf(
        `Copied ${spec.path} of pod/${transfer.place.pod} to ${spec.to}`,
        copied,
        began,
      ),
      values: { ...valuesOf(copied, transfer), path: to },
    };
  },
};

export const copyIn: VerbWork<In> = {
  async preview(work) {
    const { spec, context } = work;
    const transfer = await transferOf(work, spec['copy-in'], spec.container);
    const found = await localFile(resolve(context.cwd, spec.from), spec.from);
    const what = found.isDirectory()
      ? `the folder ${spec.from}`
      : `${spec.from} (${formatBytes(found.size)})`;
    return plain(`Copies ${what} to ${spec.path} of pod/${transfer.place.pod}.`);
  },
  async act(work) {
    const { spec, context } = work;
    const began = Date.now();
    const from = resolve(context.cwd, spec.from);
    const found = await localFile(from, spec.from);
    const transfer = await transferOf(work, spec['copy-in'], spec.container);
    const copied = found.isDirectory()
      ? await copyFolderIn(transfer, from, spec.path)
      : await copyFileIn(transfer, from, spec.path);
    return {
      summary: summaryOf(
        `Copied ${spec.from} to ${spec.path} of pod/${transfer.place.pod}`,
        copied,
        began,
      ),
      values: valuesOf(copied, transfer),
    };
  },
};

type Copied = { bytes: number; isVerified: boolean; sha256?: string; files?: number };

async function transferOf(
  work: Work<unknown>,
  object: string,
  container: string | undefined,
): Promise<Transfer> {
  const { cluster, namespace, connection, context } = work;
  const pod = await choosePod(cluster, await cluster.place(object, namespace));
  const { signal, log, progress } = context;
  return { connection, place: containerOf(pod, container), signal, log, progress };
}

async function localFile(path: string, shownPath: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw new MusterError({
      code: 'kubernetes-copy-source',
      what: `${shownPath} cannot be read: ${error instanceof Error ? error.message : error}.`,
      safe: 'Nothing was copied.',
      next: 'Put the file beside the runbook or correct its path, then retry.',
    });
  }
}

function summaryOf(what: string, { bytes, isVerified, files }: Copied, began: number): string {
  const checked = isVerified
    ? 'SHA-256 agrees'
    : 'sizes agree; the container has no sha256sum and no openssl';
  const many = files === undefined ? '' : `${files} files, `;
  return `${what}: ${many}${formatBytes(bytes)} in ${seconds(began)}, ${checked}.`;
}

function valuesOf({ bytes, sha256, files }: Copied, { place }: Transfer) {
  return {
    bytes,
    name: place.pod,
    namespace: place.namespace,
    ...(sha256 !== undefined && { sha256 }),
    ...(files !== undefined && { count: files }),
  };
}
