import { addAbortSignal, Readable } from 'node:stream';
import type * as Sdk from '@aws-sdk/client-s3';
import { formatObjectUri } from '../../core/objects/uri.ts';
import { hasCode, objectMissing } from './failures.ts';
import type { StoreCredentials, StoreSettings } from './open.ts';
import { keepVigil, patiently, SHORT, type Vigil } from './patience.ts';
import { nameOf, s3Failure, statusOf } from './s3-failures.ts';
import { plainEtag, s3Listings } from './s3-listings.ts';
import { s3Locks } from './s3-locks.ts';
import { rangeReader } from './s3-ranges.ts';
import { contentSender } from './s3-sending.ts';
import type { Content, ObjectHead, ObjectName, ObjectStore } from './store.ts';

const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;
/** It has more connections than any transfer uses at once. */
const AGENT = { keepAlive: true, maxSockets: 32 };
/** From this size on a range is worth a connection of its own, in bytes. */
const LARGE = 1024 * 1024;

const LAST = { name: 'sendContent', step: 'deserialize', priority: 'low' } as const;

type Settings = Extract<StoreSettings, { kind: 's3' }>;

/** Does one request against the store, with a bound on its silence and typed failures. */
export type Ask = <T>(
  about: { bucket: string; key?: string; signal: AbortSignal },
  request: (options: { abortSignal: AbortSignal }, vigil: Vigil) => Promise<T>,
) => Promise<T>;

/** The SDK is large, so it is loaded when the first S3 store is opened. */
export async function openS3Store(
  settings: Settings,
  credentials: StoreCredentials,
): Promise<ObjectStore> {
  const sdk = await import('@aws-sdk/client-s3');
  const { endpoint, region } = settings;
  const client = new sdk.S3Client({
    region,
    ...(endpoint === null ? {} : { endpoint }),
    forcePathStyle: settings.pathStyle,
    followRegionRedirects: endpoint === null,
    credentials,
    // What is tried again, how often and how long is decided here (`patience.ts`).
    maxAttempts: 1,
    // Contents are verified by Muster; some stores take checksums without looking at them.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Without one it writes to the console about what is dealt with here.
    logger: { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    requestHandler: { connectionTimeout: CONNECT_MS, httpAgent: AGENT, httpsAgent: AGENT },
  });
  const place = endpoint ?? `Amazon S3 in ${region}`;
  return s3Store(sdk, client, place, settings.silenceMs ?? SILENCE_MS);
}

function s3Store(
  sdk: typeof Sdk,
  client: Sdk.S3Client,
  place: string,
  silenceMs: number,
): ObjectStore {
  const ranges = rangeReader(client);
  const sender = contentSender(AGENT);
  const once: Ask = async ({ bucket, key = '', signal }, request) => {
    const vigil = keepVigil(place, signal, silenceMs);
    try {
      return await request({ abortSignal: vigil.signal }, vigil);
    } catch (error) {
      const uri = formatObjectUri({ bucket, key });
      throw s3Failure(vigil.explain(error), { place, bucket, uri });
    } finally {
      vigil.end();
    }
  };
  const ask: Ask = (about, request) =>
    patiently(() => once(about, request), about.signal, { patience: SHORT });

  const head = async (name: ObjectName & { signal: AbortSignal }): Promise<ObjectHead | null> => {
    const { bucket, key } = name;
    const answer = await ask(name, async (options) => {
      try {
        return await client.send(new sdk.HeadObjectCommand(idOf(name)), options);
      } catch (error) {
        // 405 is the answer about a delete marker.
        if (statusOf(error) === 404 || statusOf(error) === 405) return null;
        throw error;
      }
    });
    if (answer === null) {
      // A HEAD does not say which of the two is missing.
      await ask({ bucket, signal: name.signal }, (options) => headBucket(bucket, options));
      return null;
    }
    return {
      bucket,
      key,
      size: answer.ContentLength ?? 0,
      modified: answer.LastModified ?? new Date(0),
      version: answer.VersionId ?? null,
      etag: plainEtag(answer.ETag),
      metadata: answer.Metadata ?? {},
      // With keys of a key service or of the customer an ETag is something else.
      isEtagMd5:
        answer.SSECustomerAlgorithm === undefined &&
        [undefined, 'AES256'].includes(answer.ServerSideEncryption),
    };
  };

  const headBucket = async (
    bucket: string,
    options: { abortSignal: AbortSignal },
  ): Promise<void> => {
    try {
      await client.send(new sdk.HeadBucketCommand({ Bucket: bucket }), options);
    } catch (error) {
      if (statusOf(error) === 404) {
        throw new sdk.NoSuchBucket({ message: '', $metadata: { httpStatusCode: 404 } });
      }
      // Who may read objects need not be allowed to look at the bucket.
      if (statusOf(error) !== 403) throw error;
    }
  };

  return {
    place,
    head,
    ...s3Listings(sdk, client, ask),
    ...s3Locks(sdk, client, ask),

    async *read(request) {
      const { etag, from, to, signal, reuses = false } = request;
      if (to <= from) return;
      const vigil = keepVigil(place, signal, silenceMs);
      const command = () =>
        new sdk.GetObjectCommand({
          ...idOf(request),
          Range: `bytes=${from}-${to - 1}`,
          ...(etag === null ? {} : { IfMatch: `"${etag}"` }),
        });
      const throughSdk = async () => {
        const { Body } = await client.send(command(), { abortSignal: vigil.signal });
        if (!(Body instanceof Readable)) throw new Error('The answer has no body.');
        addAbortSignal(vigil.signal, Body);
        return Body;
      };
      try {
        const { heard, signal } = vigil;
        const range = { command: command(), from, to, signal, heard };
        const body = reuses && to - from >= LARGE ? await ranges.open(range) : null;
        let left = to - from;
        for await (const chunk of body ?? (await throughSdk())) {
          vigil.heard();
          left -= chunk.length;
          yield chunk;
          // The consumer may have taken its time, which is not the store's silence.
          vigil.heard();
        }
        if (left > 0) throw Object.assign(new Error('The answer was cut off.'), { code: 'EPIPE' });
      } catch (error) {
        const uri = formatObjectUri(request);
        const found = s3Failure(vigil.explain(error), { place, bucket: request.bucket, uri });
        throw hasCode(found, 'object-missing') ? objectMissing(place, uri) : found;
      } finally {
        vigil.end();
      }
    },

    put: (request) =>
      once(request, async (options, vigil) => {
        const command = new sdk.PutObjectCommand({
          ...idOf(request),
          Metadata: request.metadata,
          ...placeholder(request.content),
        });
        command.middlewareStack.add(sender.instead({ ...vigil, content: request.content }), LAST);
        const { ETag, VersionId } = await client.send(command, options);
        return { etag: plainEtag(ETag), version: VersionId ?? null };
      }),

    beginParts: ({ bucket, key, metadata, signal }) =>
      ask({ bucket, key, signal }, async (options) => {
        const { UploadId } = await client.send(
          new sdk.CreateMultipartUploadCommand({ Bucket: bucket, Key: key, Metadata: metadata }),
          options,
        );
        if (UploadId === undefined) throw new Error('The store gave the upload no id.');
        return { bucket, key, id: UploadId };
      }),

    putPart: ({ upload, number, content, signal }) =>
      once({ ...upload, signal }, async (options, vigil) => {
        const command = new sdk.UploadPartCommand({
          Bucket: upload.bucket,
          Key: upload.key,
          UploadId: upload.id,
          PartNumber: number,
          ...placeholder(content),
        });
        command.middlewareStack.add(sender.instead({ ...vigil, content }), LAST);
        const { ETag } = await client.send(command, options);
        return plainEtag(ETag) ?? '';
      }),

    async parts({ upload, signal }) {
      const found = new Map<number, { etag: string; size: number }>();
      let after: string | undefined;
      do {
        const answer = await ask({ ...upload, signal }, (options) =>
          client.send(
            new sdk.ListPartsCommand({
              Bucket: upload.bucket,
              Key: upload.key,
              UploadId: upload.id,
              PartNumberMarker: after,
            }),
            options,
          ),
        );
        for (const { PartNumber, ETag, Size } of answer.Parts ?? []) {
          if (PartNumber === undefined || Size === undefined) continue;
          found.set(PartNumber, { etag: plainEtag(ETag) ?? '', size: Size });
        }
        const next = answer.IsTruncated === true ? answer.NextPartNumberMarker : undefined;
        after = next === after ? undefined : next;
      } while (after !== undefined);
      return found;
    },

    endParts: ({ upload, parts, signal }) =>
      ask({ ...upload, signal }, async (options) => {
        const { ETag, VersionId } = await client.send(
          new sdk.CompleteMultipartUploadCommand({
            Bucket: upload.bucket,
            Key: upload.key,
            UploadId: upload.id,
            MultipartUpload: {
              Parts: parts.map(({ number, etag }) => ({ PartNumber: number, ETag: `"${etag}"` })),
            },
          }),
          options,
        );
        return { etag: plainEtag(ETag), version: VersionId ?? null };
      }),

    dropParts: ({ upload, signal }) =>
      ask({ ...upload, signal }, async (options) => {
        try {
          await client.send(
            new sdk.AbortMultipartUploadCommand({
              Bucket: upload.bucket,
              Key: upload.key,
              UploadId: upload.id,
            }),
            options,
          );
        } catch (error) {
          if (nameOf(error) !== 'NoSuchUpload') throw error;
        }
      }),

    remove: (request) =>
      ask(request, async (options) => {
        const answer = await client.send(new sdk.DeleteObjectCommand(idOf(request)), options);
        const isNewMarker = answer.DeleteMarker === true && request.version == null;
        return { marker: isNewMarker ? (answer.VersionId ?? null) : null };
      }),

    close() {
      ranges.close();
      sender.close();
      client.destroy();
    },
  };
}

function idOf({ bucket, key, version }: ObjectName) {
  return { Bucket: bucket, Key: key, ...(version == null ? {} : { VersionId: version }) };
}

/** Stands for a content that the sender sends. It is a stream, so that nobody looks into it. */
function placeholder({ length }: Content) {
  return { Body: Readable.from([]), ContentLength: length };
}
