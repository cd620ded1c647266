import { describe, expect, it } from 'vitest';
import { createRedactor } from './redact.ts';

/**
 * Outputs as programs print them, with secrets in every form that an encoder of Node, not of ours,
 * makes of them. `MUSTER_OUTPUTS` sets how many are tried; the long run takes a million.
 */
const OUTPUTS = Number(process.env.MUSTER_OUTPUTS ?? 20_000);
/** Outputs that one set of secrets is looked for in. */
const PER_SET = 500;

/** Mulberry32: the same outputs on every machine. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

type Random = (below: number) => number;

const ALPHABETS = [
  'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  'abcdef0123456789',
  'aB3$&/+=? "\'\\%<>:;@#!~^*()[]{}|`,._-',
  'pässwörd€漢字🙂-xyz0123456789',
];

function secretFrom(pick: Random): string {
  const alphabet = [...(ALPHABETS[pick(ALPHABETS.length)] ?? 'x')];
  const letters = (length: number): string =>
    Array.from({ length }, () => alphabet[pick(alphabet.length)]).join('');
  const kind = pick(10);
  if (kind === 0) {
    const lines = Array.from({ length: 2 + pick(8) }, () => letters(20 + pick(45)).trim());
    return `-----BEGIN KEY-----\n${lines.join('\n')}\n-----END KEY-----\n`;
  }
  return letters(kind === 1 ? 80 + pick(200) : 8 + pick(40));
}

/** How programs write a value, and how its reader would get it back. */
const ENCODERS: ((value: string, pick: Random) => string)[] = [
  (value) => value,
  (value) => Buffer.from(value).toString('base64'),
  (value) => Buffer.from(value).toString('base64url'),
  (value, pick) => Buffer.from(`${'user:'.slice(0, pick(6))}${value}`).toString('base64'),
  (value, pick) => Buffer.from(`${'a='.slice(0, pick(3))}${value}\n`).toString('base64url'),
  (value) => encodeURIComponent(value),
  (value) => encodeURIComponent(value).replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
  (value) => new URLSearchParams({ v: value }).toString().slice(2),
  (value) => JSON.stringify(value).slice(1, -1),
  (value) => JSON.stringify(value).slice(1, -1).replaceAll('/', '\\/'),
  (value) => Buffer.from(value).toString('hex'),
  (value) => value.replaceAll("'", "'\\''"),
];

function wrapped(text: string, pick: Random): string {
  const columns = [16, 60, 64, 76, 1 + pick(40)][pick(5)] ?? 64;
  const lineBreak = ['\n', '\r\n', '\n    '][pick(3)] ?? '\n';
  return text
    .replaceAll(/\r?\n/g, '')
    .replaceAll(new RegExp(`.{${columns}}`, 'gsu'), `$&${lineBreak}`);
}

const NOISE = [
  'ok ',
  'time="2026-01-01" ',
  '{"a":1}',
  '\n',
  '\u001b[31m',
  'AAAA',
  '%20',
  '  - ',
  'é',
  '==\n',
];

interface Output {
  text: string;
  /** What must not be left of it, blanks aside. */
  forms: string[];
}

function outputFrom(secrets: readonly string[], pick: Random): Output {
  let text = '';
  const forms: string[] = [];
  const noise = (): void => {
    for (let count = pick(4); count > 0; count--) text += NOISE[pick(NOISE.length)];
  };
  noise();
  for (let count = 1 + pick(3); count > 0; count--) {
    const secret = secrets[pick(secrets.length)] ?? '';
    const encode = ENCODERS[pick(ENCODERS.length)] ?? String;
    const form = encode(secret, pick);
    forms.push(form);
    text += `<${pick(3) === 0 ? wrapped(form, pick) : form}>`;
    noise();
  }
  return { text, forms };
}

const dense = (text: string): string => text.replaceAll(/[ \t\r\n]/g, '');

/** What is left of a form at both ends may be the digits that a neighbour shares, and no more. */
function leaks(out: string, form: string): boolean {
  const whole = dense(form);
  const inner = whole.slice(10, -6);
  return dense(out).includes(inner.length >= 6 ? inner : whole);
}

describe('outputs', () => {
  it(
    'show no secret in any form, however they are cut',
    () => {
      const pick = random(20_261_127);
      let outputs = 0;
      while (outputs < OUTPUTS) {
        const secrets = Array.from({ length: 1 + pick(3) }, () => secretFrom(pick)).filter(
          (secret) => dense(secret).length >= 8,
        );
        if (secrets.length === 0) continue;
        for (let count = 0; count < PER_SET && outputs < OUTPUTS; count++, outputs++) {
          const { text, forms } = outputFrom(secrets, pick);
          const data = Buffer.from(text);
          const redactor = createRedactor(secrets);
          let out = '';
          const decoder = new TextDecoder();
          for (let at = 0; at < data.length; ) {
            const size = 1 + pick(pick(2) === 0 ? 4 : 200);
            out += decoder.decode(redactor.push(data.subarray(at, at + size)), { stream: true });
            at += size;
          }
          out += decoder.decode(redactor.flush());
          for (const form of forms) {
            if (leaks(out, form)) expect.fail(`${JSON.stringify({ secrets, text, out })}`);
          }
        }
      }
      expect(outputs).toBe(OUTPUTS);
    },
    60 * 60_000,
  );
});
