import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { KubernetesSpecOf } from '../../../core/actions/kinds/kubernetes.ts';
import { MusterError } from '../../../core/problem.ts';
import { fileFailure } from '../../file-failure.ts';
import { brokenStream } from '../api/socket.ts';
import { WireFailure } from '../api/wire.ts';
import { choosePod, containerOf } from '../pods/choose.ts';
import { type PodPlace, runInPod } from '../pods/run.ts';
import { plain, seconds, type VerbWork, type Work } from './work.ts';

/** How much of what it prints becomes a value, in characters. */
const LONGEST_VALUE = 64 * 1024;
/** Ends the program's input after so many bytes, because the protocol cannot. */
const WITH_INPUT = 'n=$1; shift; head -c "$n" | "$@"';

type Spec = KubernetesSpecOf<'exec'>;

export const exec: VerbWork<Spec> = {
  async preview(work) {
    const { pod, container } = await placeOf(work);
    return plain(
      `Runs ${JSON.stringify(work.spec.command)} in container ${container} of pod/${pod}.`,
    );
  },

  async act(work) {
    const { spec, context, connection } = work;
    const began = Date.now();
    const place = await placeOf(work);
    const doing = `run ${spec.command[0]} in pod/${place.pod}`;
    context.log(`In pod/${place.pod}, container ${place.container}:`);
    const kept = keepText(LONGEST_VALUE);
    const file =
      spec.output === undefined ? null : await openOutput(resolve(context.cwd, spec.output));
    const out = lines((line) => context.log(line));
    const errors = lines((line) => context.log(line));
    let exitCode: number;
    try {
      exitCode = await runInPod(connection, place, {
        command: await commandOf(work),
        doing,
        signal: context.signal,
        ...(spec.stdin !== undefined && {
          input: createReadStream(resolve(context.cwd, spec.stdin), { highWaterMark: 256 * 1024 }),
        }),
        onOut(bytes) {
          if (file !== null) return file.write(bytes, context.progress);
          kept.add(bytes);
          out.add(bytes);
        },
        onErr: (bytes) => errors.add(bytes),
      });
    } catch (error) {
      await file?.discard();
      if (error instanceof WireFailure) {
        throw brokenStream(
          doing,
          error,
          spec.reads
            ? 'Retry: the command changes nothing.'
            : 'Look whether the command did its work, then retry or skip it.',
        );
      }
      throw error;
    } finally {
      out.end();
      errors.end();
    }
    if (!spec['exit-codes'].includes(exitCode)) {
      await file?.discard();
      throw failed(spec, place, exitCode);
    }
    const bytes = (await file?.finish()) ?? kept.bytes();
    return {
      summary: `${spec.command[0]} in pod/${place.pod} ended with exit code ${exitCode} in ${seconds(began)}.`,
      values: {
        'exit-code': exitCode,
        stdout: kept.text(),
        bytes,
        name: place.pod,
        namespace: place.namespace,
      },
    };
  },
};

async function placeOf(work: Work<Spec>): Promise<PodPlace> {
  const { spec, cluster, namespace } = work;
  const place = await cluster.place(spec.exec, namespace);
  return containerOf(await choosePod(cluster, place), spec.container);
}

async function commandOf({ spec, context }: Work<Spec>): Promise<string[]> {
  if (spec.stdin === undefined) return spec.command;
  try {
    const { size } = await stat(resolve(context.cwd, spec.stdin));
    return ['sh', '-c', WITH_INPUT, 'sh', String(size), ...spec.command];
  } catch (error) {
    throw new MusterError({
      code: 'kubernetes-exec-input',
      what: `The file ${spec.stdin} cannot be read: ${error instanceof Error ? error.message : error}.`,
      safe: 'The command was not run.',
      next: 'Put the file beside the runbook, then retry.',
    });
  }
}

function failed(spec: Spec, place: PodPlace, exitCode: number): MusterError {
  const isMissing = exitCode === 126 || exitCode === 127;
  return new MusterError({
    code: 'kubernetes-exec-exited',
    what: `${spec.command[0]} in pod/${place.pod} ended with exit code ${exitCode}${isMissing ? ': the container has no such program' : ''}.`,
    safe: 'Later steps have not run.',
    next: 'Read the last lines of its output, mend the cause, then retry or skip it.',
  });
}

/** Bytes into whole lines, across the borders of chunks. */
function lines(take: (line: string) => void): { add(bytes: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let open = '';
  return {
    add(bytes) {
      const parts = (open + decoder.write(bytes)).split('\n');
      open = parts.pop() ?? '';
      for (const line of parts) take(line.replace(/\r$/, ''));
      // A program that never ends its line must not fill the memory.
      if (open.length > LONGEST_VALUE) {
        take(open);
        open = '';
      }
    },
    end() {
      open += decoder.end();
      if (open !== '') take(open);
      open = '';
    },
  };
}

function keepText(most: number): { add(bytes: Buffer): void; text(): string; bytes(): number } {
  const decoder = new StringDecoder('utf8');
  let text = '';
  let size = 0;
  return {
    add(bytes) {
      size += bytes.length;
      if (text.length < most) text = (text + decoder.write(bytes)).slice(0, most);
    },
    text: () => text.replace(/\r?\n$/, ''),
    bytes: () => size,
  };
}

interface Output {
  write(bytes: Buffer, progress: Work<Spec>['context']['progress']): void | Promise<void>;
  finish(): Promise<number>;
  discard(): Promise<void>;
}

/** A file that appears under its name when it is whole. */
async function openOutput(path: string): Promise<Output> {
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.part`;
  const file: WriteStream = createWriteStream(part, {
    mode: 0o600,
    highWaterMark: 4 * 1024 * 1024,
  });
  const failure = once(file, 'error').then(([error]) => {
    throw fileFailure(
      error,
      path,
      `${path} was not written. What the command did in the pod stands.`,
    );
  });
  failure.catch(() => undefined);
  const end = (): Promise<unknown> => {
    const ended = new Promise<void>((done) => file.end(() => done()));
    return Promise.race([ended, failure]);
  };
  let size = 0;
  return {
    write(bytes, progress) {
      size += bytes.length;
      progress({ label: 'Receiving its output', done: size, total: null, unit: 'bytes' });
      if (file.write(bytes)) return;
      return Promise.race([once(file, 'drain').then(() => undefined), failure]);
    },
    async finish() {
      await end();
      await rename(part, path);
      return size;
    },
    async discard() {
      await end().catch(() => undefined);
      await rm(part, { force: true });
    },
  };
}
