import { readFileSync } from 'node:fs';
import { type Message, payloadOf, secretsOf } from '../../core/notify/payload.ts';
import type { Channel } from '../../core/notify/routes.ts';
import { type ExchangeAnswer, ExchangeFault, exchange, reasonOf } from '../checks/exchange.ts';

/** The longest that one try of one channel may take, in ms. */
const TRY_MS = 10_000;

export interface DeliveryContext {
  secret(reference: string): Promise<string>;
  notify(notification: { title: string; text: string }): void;
}

/** Why a channel did not take a message. */
export class DeliveryFault extends Error {
  /** False where trying again cannot help, such as with a wrong key. */
  readonly passes: boolean;
  constructor(message: string, passes: boolean) {
    super(message);
    this.passes = passes;
  }
}

/** One try to hand a message to a channel. Rejects with DeliveryFault, or the signal's reason. */
export async function deliver(
  channel: Channel,
  message: Message,
  context: DeliveryContext,
  signal: AbortSignal,
): Promise<void> {
  const secrets = new Map<string, string>();
  for (const reference of secretsOf(channel)) {
    try {
      secrets.set(reference, await context.secret(reference));
    } catch (error) {
      throw new DeliveryFault(reasonOf(error), false);
    }
  }
  const payload = payloadOf(channel, message, (reference) => secrets.get(reference) ?? '');
  switch (payload.kind) {
    case 'desktop':
      context.notify({ title: payload.title, text: payload.text });
      return;
    case 'web':
      await post(payload, signal);
      return;
    case 'mail':
      if (channel.kind === 'mail') await send(channel, payload, secrets, signal);
  }
}

async function post(
  {
    url,
    method,
    headers,
    body,
  }: { url: string; method: string; headers: Record<string, string>; body: string },
  signal: AbortSignal,
): Promise<void> {
  let answer: ExchangeAnswer;
  try {
    const request = { url, method, headers, body, redirects: 0, tls: {}, limitMs: TRY_MS, signal };
    answer = await exchange(request);
  } catch (error) {
    if (!(error instanceof ExchangeFault)) throw error;
    throw new DeliveryFault(error.message, true);
  }
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  const passes = status >= 500 || status === 408 || status === 425 || status === 429;
  throw new DeliveryFault(`status ${status}: ${answer.body.slice(0, 200).trim()}`, passes);
}

async function send(
  channel: Extract<Channel, { kind: 'mail' }>,
  mail: { from: string; to: string[]; subject: string; text: string; messageId: string },
  secrets: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const { host, port, security, user, password, ca } = channel;
  // The library is loaded where a mail is sent, not when the app starts.
  const { createTransport } = (await import('nodemailer')).default;
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: TRY_MS,
    greetingTimeout: TRY_MS,
    socketTimeout: TRY_MS,
    dnsTimeout: TRY_MS,
    ...(ca === undefined ? {} : { tls: { ca: readFileSync(ca) } }),
    ...(user === undefined
      ? {}
      : { auth: { user, pass: password === undefined ? '' : (secrets.get(password) ?? '') } }),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const close = (): void => transport.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    signal.throwIfAborted();
    await Promise.race([transport.sendMail(mail), aborted(signal)]);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const code = Number(Reflect.get(Object(error), 'responseCode'));
    throw new DeliveryFault(reasonOf(error), !(code >= 500));
  } finally {
    signal.removeEventListener('abort', close);
    transport.close();
  }
}

/** Rejects when the signal does; the library itself takes none. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
