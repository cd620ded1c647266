import { z } from 'zod';
import { resolveReferences } from '../actions/references.ts';
import type { Channel, Severity } from './routes.ts';

/** What somebody is told. */
export interface Message {
  title: string;
  text: string;
  severity: Severity;
  details: Readonly<Record<string, string | number | boolean>>;
  link: string | null;
  /** What becomes of the alarm where the channel keeps alarms. */
  event: 'trigger' | 'acknowledge' | 'resolve';
  /** The same for a message and everything that is the same message sent again. */
  key: string;
  run: string;
  step: string;
  /** UTC, ISO 8601. */
  at: string;
}

/** What is sent, exactly as it is sent. */
export type Payload =
  | {
      kind: 'web';
      method: 'POST' | 'PUT';
      url: string;
      headers: Record<string, string>;
      body: string;
    }
  | { kind: 'mail'; from: string; to: string[]; subject: string; text: string; messageId: string }
  | { kind: 'desktop'; title: string; text: string };

/** PagerDuty takes no longer summary, in characters. */
const LONGEST_SUMMARY = 1024;

/**
 * The payload of a message for a channel. `reveal` gives the value behind a secret's reference when
 * it is sent, and the reference itself in a mark when it is only shown.
 */
export function payloadOf(
  channel: Channel,
  message: Message,
  reveal: (reference: string) => string,
): Payload {
  switch (channel.kind) {
    case 'slack':
      return web(addressOf(channel.url, reveal), message, slackBody(message));
    case 'pagerduty':
      return web(
        addressOf(channel.url, reveal),
        message,
        pagerdutyBody(message, reveal(channel['routing-key'])),
      );
    case 'webhook': {
      const headers = Object.entries(channel.headers).map(([name, value]): [string, string] => [
        name.toLowerCase(),
        typeof value === 'string' ? value : value.before + reveal(value.secret),
      ]);
      const body = filled(channel.body, message);
      const isText = typeof body === 'string';
      const payload = web(addressOf(channel.url, reveal), message, isText ? {} : body);
      return {
        ...payload,
        method: channel.method,
        headers: {
          ...payload.headers,
          'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
          ...Object.fromEntries(headers),
        },
        body: isText ? body : payload.body,
      };
    }
    case 'mail':
      return {
        kind: 'mail',
        from: channel.from,
        to: channel.to,
        subject: oneLine(heading(message)),
        text: plainText(message),
        messageId: `<${message.key}@muster>`,
      };
    case 'desktop':
      return { kind: 'desktop', title: oneLine(heading(message)), text: message.text };
  }
}

/** References of the secrets that a channel needs. */
export function secretsOf(channel: Channel): string[] {
  const found: string[] = [];
  if (channel.kind === 'mail' && channel.password !== undefined) found.push(channel.password);
  if ('url' in channel && !isAddress(channel.url)) found.push(channel.url);
  if (channel.kind === 'pagerduty') found.push(channel['routing-key']);
  if (channel.kind === 'webhook') {
    for (const value of Object.values(channel.headers)) {
      if (typeof value !== 'string') found.push(value.secret);
    }
  }
  return found;
}

function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

function addressOf(text: string, reveal: (reference: string) => string): string {
  return isAddress(text) ? text : reveal(text);
}

function web(url: string, { key }: Message, body: object): Extract<Payload, { kind: 'web' }> {
  return {
    kind: 'web',
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  };
}

const COLORS: Record<Severity, string> = {
  info: '#5b7083',
  warning: '#b7791f',
  error: '#c53030',
  critical: '#9b1c1c',
};

function slackBody(message: Message): object {
  const { text, severity, details, link, key } = message;
  const lines = [escaped(text), ...(link === null ? [] : [escaped(link)])];
  return {
    text: `*${escaped(heading(message))}*`,
    attachments: [
      {
        color: COLORS[severity],
        text: lines.join('\n'),
        fields: Object.entries(details).map(([title, value]) => ({
          title: escaped(title),
          value: escaped(String(value)),
          short: true,
        })),
        footer: `Muster ${key}`,
      },
    ],
  };
}

/** What would be a link or a mention in Slack's own markup is text. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function pagerdutyBody(message: Message, routingKey: string): object {
  const { title, text, severity, details, link, event, key, run, step, at } = message;
  const common = { routing_key: routingKey, event_action: event, dedup_key: key };
  if (event !== 'trigger') return common;
  return {
    ...common,
    payload: {
      summary: title.slice(0, LONGEST_SUMMARY),
      source: 'muster',
      severity,
      timestamp: at,
      custom_details: { text, run, step, ...details },
    },
    ...(link === null ? {} : { links: [{ href: link, text: 'Details' }] }),
  };
}

/** A webhook's own body, `${TITLE}` and the like put in; in a mapping no value can break out. */
function filled(
  body: string | Record<string, unknown>,
  message: Message,
): string | Record<string, unknown> {
  const { title, text, severity, link, event, key, run, step, at } = message;
  const values = {
    TITLE: title,
    TEXT: text,
    SEVERITY: severity,
    LINK: link ?? '',
    EVENT: event,
    KEY: key,
    RUN: run,
    STEP: step,
    TIME: at,
  };
  const resolved = resolveReferences(body, values);
  // A name that no message has stays as it is written.
  const given = resolved.ok ? filledBody.safeParse(resolved.value) : null;
  return given?.success === true ? given.data : body;
}

const filledBody = z.union([z.string(), z.record(z.string(), z.unknown())]);

function heading({ severity, event, title }: Message): string {
  const what = event === 'resolve' ? 'RESOLVED' : severity.toUpperCase();
  return `[${what}] ${title}`;
}

function plainText(message: Message): string {
  const { text, details, link, run, step, at, key } = message;
  const lines = Object.entries(details).map(([name, value]) => `${name}: ${value}`);
  return [
    text,
    ...(lines.length === 0 ? [] : ['', ...lines]),
    ...(link === null ? [] : ['', link]),
    '',
    `Sent by Muster at ${at}. Run ${run}, step ${step}, message ${key}.`,
  ].join('\n');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
