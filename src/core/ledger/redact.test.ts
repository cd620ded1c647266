import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MusterError } from '../problem.ts';
import { createRedactor, redactionMark, secretProblem } from './redact.ts';
import { formsOf } from './secret-forms.ts';
import { WIDEST_GAP } from './secret-search.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Bytes as a string of the same length, so that they can be searched. */
const binary = (data: Uint8Array): string => Buffer.from(data).toString('latin1');

function redact(secrets: readonly string[], chunks: readonly Uint8Array[]): Uint8Array {
  const redactor = createRedactor(secrets);
  return Buffer.concat([...chunks.map((chunk) => redactor.push(chunk)), redactor.flush()]);
}

function redactText(secrets: readonly string[], text: string): string {
  return Buffer.from(redact(secrets, [bytes(text)])).toString();
}

function cut(data: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (data.length + 1)), data.length].sort(
    (a, b) => a - b,
  );
  return ends.map((end, index) => data.subarray(ends[index - 1] ?? 0, end));
}

/** A pattern for a form as it is searched: long ones across blanks, short ones with one line break. */
function patternOf(form: Uint8Array): string {
  const escaped = [...binary(form)].map(
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  const dense = escaped.filter((char) => !/^\\x(?:20|0a|0d|09)$/.test(char));
  const whole = escaped.join('');
  if (dense.length >= 8) {
    const wrapped = dense.join(`[ \\t\\r\\n]{0,${WIDEST_GAP}}`);
    return dense.length < escaped.length ? `${whole}|${wrapped}` : wrapped;
  }
  const broken = escaped.map((_, at) =>
    at === 0 ? whole : `${escaped.slice(0, at).join('')}\\r?\\n${escaped.slice(at).join('')}`,
  );
  return broken.join('|');
}

type Range = [from: number, to: number];

/**
 * What redaction is, without care for time: every occurrence found, overlapping ones joined. What
 * was `released` is not marked where an occurrence begins in it.
 */
function slowly(
  forms: readonly Uint8Array[],
  data: Uint8Array,
  released: readonly Range[] = [],
): string {
  const text = binary(data);
  const found: Range[] = [];
  for (const form of forms) {
    for (const alternative of patternOf(form).split('|')) {
      const pattern = new RegExp(alternative, 'y');
      for (let at = 0; at < text.length; at++) {
        pattern.lastIndex = at;
        if (pattern.test(text)) found.push([at, pattern.lastIndex]);
      }
    }
  }
  const places = found.map(([start, end]): Range => {
    const shown = released.find(([from, to]) => from <= start && start < to);
    return shown ? [Math.min(end, shown[1]), end] : [start, end];
  });
  let out = '';
  let done = 0;
  for (const [start, end] of places.sort((a, b) => a[0] - b[0])) {
    if (start >= done) out += text.slice(done, start) + binary(bytes(redactionMark));
    done = Math.max(done, end);
  }
  return out + text.slice(done);
}

/** Few letters, so that secrets overlap with themselves and with each other. */
const secret = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 4, maxLength: 9 }),
  fc
    .string({ unit: 'grapheme', minLength: 4, maxLength: 12 })
    .filter((text) => !text.includes('•')),
  fc.string({
    unit: fc.constantFrom('"', "'", '\\', '/', '&', ' ', 'ä', '\n', 'x'),
    minLength: 4,
    maxLength: 20,
  }),
);
const secrets = fc.array(secret, { minLength: 1, maxLength: 3 });

function wrap(form: Uint8Array, columns: number, lineBreak: string): Uint8Array {
  const lines: Uint8Array[] = [];
  for (let at = 0; at < form.length; at += columns) {
    if (at > 0) lines.push(bytes(lineBreak));
    lines.push(form.subarray(at, at + columns));
  }
  return Buffer.concat(lines);
}

/** Bytes in which forms of the secrets stand between noise. */
const scene = secrets.chain((list) => {
  const forms = list.flatMap(formsOf);
  const piece = fc.oneof(
    fc.constantFrom(...forms),
    fc.constantFrom(...forms).map((form) => form.subarray(0, form.length >> 1)),
    fc
      .record({
        form: fc.constantFrom(...forms),
        columns: fc.integer({ min: 1, max: 12 }),
        lineBreak: fc.constantFrom('\n', '\r\n', '\n    ', ' \n\t'),
      })
      .map(({ form, columns, lineBreak }) => wrap(form, columns, lineBreak)),
    fc.uint8Array({ maxLength: 6 }),
    fc.string({ unit: fc.constantFrom('a', 'b', '•'), maxLength: 12 }).map(bytes),
  );
  return fc.record({
    list: fc.constant(list),
    forms: fc.constant(forms),
    data: fc.array(piece, { maxLength: 12 }).map((pieces): Uint8Array => Buffer.concat(pieces)),
    places: fc.array(fc.nat(), { maxLength: 8 }),
  });
});

describe('createRedactor', () => {
  it('puts one mark in place of a secret', () => {
    expect(redactText(['hunter22'], 'a hunter22 b hunter22')).toBe('a ••• b •••');
    expect(redactText(['hunter22', 'ter2233'], 'x hunter2233 y')).toBe('x ••• y');
  });

  it('knows base64 at every alignment, in both alphabets, with and without padding', () => {
    const value = 'p?ss~w>rd-ÿ';
    for (const before of ['', 'u', 'u:', 'us:']) {
      for (const behind of ['', '!', '!!']) {
        for (const encoding of ['base64', 'base64url'] as const) {
          const text = Buffer.from(`${before}${value}${behind}`).toString(encoding);
          expect(redactText([value], `Basic ${text}.`)).toMatch(/^Basic .{0,4}•••.{0,6}\.$/);
        }
      }
    }
    expect(redactText([value], Buffer.from(value).toString('base64'))).toBe('•••');
  });

  it('knows URL, JSON and shell forms', () => {
    const value = 'a/b c&"d\'é<\\';
    const forms = [
      encodeURIComponent(value),
      encodeURIComponent(value).toLowerCase(),
      encodeURI(value),
      new URLSearchParams({ v: value }).toString().slice(2),
      JSON.stringify(value).slice(1, -1),
      JSON.stringify(value).slice(1, -1).replaceAll('/', '\\/'),
      'a/b c\\u0026\\"d\'é\\u003c\\\\',
      'a/b c&\\"d\'\\u00e9<\\\\',
      "a/b c&\"d'\\''é<\\",
    ];
    for (const form of forms) expect(redactText([value], `<${form}>`), form).toBe('<•••>');
  });

  it('knows JSON within JSON, as evidence and annotations hold it', () => {
    const value = 'a/b"d\\é<&\n2nd line';
    let text = value;
    for (let depth = 1; depth <= 3; depth += 1) {
      text = JSON.stringify({ said: text });
      const hidden = redactText([value], text);
      expect(hidden.replaceAll(/[\\"{}:]|said/g, ''), text).toBe('•••');
    }
  });

  it('knows each long line of a secret of several lines', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nshort\n';
    expect(redactText([key], 'key: |\r\n  MIIEvQIBADANBg\r\n  short')).toBe(
      'key: |\r\n  •••\r\n  short',
    );
  });

  it('knows a secret that was broken into lines, at any column', () => {
    const value = 'p?ss~w>rd-ÿ and a tail that is long enough for two lines of PEM';
    const encoded = Buffer.from(`user:${value}\n`).toString('base64');
    for (const columns of [8, 64, 76]) {
      for (const lineBreak of ['\n', '\r\n', '\n      ']) {
        for (const text of [value, encoded]) {
          const lines = text.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [];
          expect(redactText([value], `<${lines.join(lineBreak)}>`)).toMatch(
            /^<(?:[\w+/]{0,8})•••(?:[\w+/=]{0,4})>$/,
          );
        }
      }
    }
    const json = JSON.stringify(Buffer.from(value).toString('base64').replaceAll(/.{76}/g, '$&\n'));
    expect(redactText([value], json)).toBe('"•••"');
    expect(redactText(['1234'], '12\n34 12\r\n34 12 34')).toBe('••• ••• 12 34');
  });

  it('holds no more back than a wide gap of blanks allows', () => {
    const redactor = createRedactor(['hunter22']);
    redactor.push(bytes('hunter'));
    for (let count = 0; count < 1000; count++) redactor.push(bytes('\n'));
    expect(redactor.held).toBe(0);
    expect(binary(redactor.push(bytes('22 ')))).toBe('22 ');
  });

  it('passes chunks through untouched and holds nothing back without secrets', () => {
    const redactor = createRedactor([]);
    const chunk = new Uint8Array([0, 255, 128]);
    expect(redactor.push(chunk)).toBe(chunk);
    expect(redactor.held).toBe(0);
    expect(redactor.flush()).toHaveLength(0);
    expect(redactor.text('\ud800')).toBe('\ud800');
  });

  it('holds back only what may begin a secret', () => {
    const redactor = createRedactor(['hunter22']);
    expect(binary(redactor.push(bytes('say hunt')))).toBe('say ');
    expect(redactor.held).toBe(4);
    expect(binary(redactor.push(bytes('ing')))).toBe('hunting');
    expect(redactor.held).toBe(0);
  });

  it('lets be seen what is held back while it tells next to nothing, and keeps none of it', () => {
    const redactor = createRedactor(['80secret', 'éclair-2024']);
    expect(binary(redactor.push(bytes('port 8080\n')))).toBe('port 80');
    expect(redactor.ahead).toBe('80\n');
    expect(binary(redactor.push(bytes('sec')))).toBe('');
    expect(redactor.ahead).toBe('…');
    expect(Buffer.from(redactor.push(bytes('ret on\n'))).toString()).toBe('••• on\n');
    expect(redactor.ahead).toBe('');
    redactor.push(bytes('é'));
    expect(redactor.ahead).toBe('…');
    redactor.flush();
    expect(redactor.ahead).toBe('');
  });

  it('lets no more of a secret be seen than two of its bytes', () => {
    const letter = fc.constantFrom('a', 'b', 'c', '\n', ' ');
    const secret = fc.string({ unit: letter, minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(secret, fc.array(fc.string({ unit: letter, maxLength: 6 })), (given, pieces) => {
        const redactor = createRedactor([given]);
        for (const piece of pieces) {
          redactor.push(bytes(piece));
          if (redactor.held === 0) expect(redactor.ahead).toBe('');
          expect(redactor.ahead.replace(/\s/g, '').length).toBeLessThanOrEqual(2);
        }
      }),
    );
  });

  it('gives out early what tells next to nothing, and marks the rest of what begins in it', () => {
    const redactor = createRedactor(['hunter22']);
    expect(binary(redactor.push(bytes('or hu\n')))).toBe('or ');
    expect(binary(redactor.release())).toBe('hu\n');
    expect(redactor.held).toBe(0);
    expect(Buffer.from(redactor.push(bytes('nter22 on'))).toString()).toBe('••• on');
    expect(binary(redactor.push(bytes(' hunter')))).toBe(' ');
    expect(binary(redactor.release())).toBe('');
    expect(redactor.held).toBe(6);
    const bit = createRedactor(['hunter22']);
    const bits = [...'hunter22!'].map((letter) => [bit.push(bytes(letter)), bit.release()]);
    expect(Buffer.concat(bits.flat()).toString()).toBe('h•••!');
  });

  it('marks all but what was released, also where another redactor takes over', () => {
    const joined = (text: string): string => text.replace(/(?:â\x80¢){3,}/g, '*');
    fc.assert(
      fc.property(
        scene,
        fc.array(fc.nat({ max: 3 }), { minLength: 20, maxLength: 20 }),
        ({ list, forms, data, places }, given) => {
          const picks = [...given];
          const chooses = (): number => picks.shift() ?? 0;
          const released: Range[] = [];
          let redactor = createRedactor(list);
          let out = Buffer.alloc(0);
          let read = 0;
          const take = (safe: Uint8Array): void => {
            out = Buffer.concat([out, safe]);
          };
          for (const chunk of cut(data, places)) {
            take(redactor.push(chunk));
            read += chunk.length;
            if (chooses() < 2) {
              const { held } = redactor;
              take(redactor.release());
              if (redactor.held === 0 && held > 0) released.push([read - held, read]);
            }
            if (chooses() === 0) {
              const { held } = redactor;
              redactor = createRedactor(list);
              redactor.prime(out.subarray(-1_000));
              take(redactor.push(data.subarray(read - held, read)));
            }
          }
          take(redactor.flush());
          expect(joined(binary(out))).toBe(joined(slowly(forms, data, released)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps the text of a person as it was, but for secrets', () => {
    const redactor = createRedactor(['hunter22']);
    redactor.push(bytes('hunt'));
    expect(redactor.text('er22 \ud800')).toBe('er22 \ud800');
    expect(redactor.text('\ufeffit is hunter22')).toBe('\ufeffit is •••');
  });

  it('refuses secrets that it cannot keep out', () => {
    expect(() => createRedactor(['abc'])).toThrow(MusterError);
    expect(secretProblem('PIN', '123')?.code).toBe('secret-not-redactable');
    expect(secretProblem('PIN', '12•3')?.what).not.toContain('12•3');
    expect(secretProblem('PIN', '1234')).toBeNull();
  });

  it('lets no form of a secret through, however the stream is cut', () => {
    fc.assert(
      fc.property(scene, ({ list, forms, data, places }) => {
        const out = binary(redact(list, cut(data, places)));
        for (const form of forms) expect(out).not.toMatch(new RegExp(patternOf(form)));
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same for every cutting', () => {
    fc.assert(
      fc.property(scene, ({ list, data, places }) => {
        expect(binary(redact(list, cut(data, places)))).toBe(binary(redact(list, [data])));
      }),
      { numRuns: 200 },
    );
  });

  it('marks each stretch of overlapping secrets and changes nothing else', () => {
    fc.assert(
      fc.property(scene, ({ list, forms, data, places }) => {
        expect(binary(redact(list, cut(data, places)))).toBe(slowly(forms, data));
      }),
      { numRuns: 200 },
    );
  });

  it('holds back less than twice the longest form, with its gaps', () => {
    fc.assert(
      fc.property(scene, ({ list, forms, data, places }) => {
        const longest = Math.max(...forms.map((form) => form.length)) * (1 + WIDEST_GAP);
        const redactor = createRedactor(list);
        for (const chunk of cut(data, places)) {
          redactor.push(chunk);
          expect(redactor.held).toBeLessThan(2 * longest);
        }
      }),
    );
  });

  it('shows nothing when another redactor takes over at what was held back', () => {
    fc.assert(
      fc.property(scene, fc.nat(), ({ list, forms, data }, place) => {
        const stop = place % (data.length + 1);
        const first = createRedactor(list);
        const begin = binary(first.push(data.subarray(0, stop)));
        const rest = binary(redact(list, [data.subarray(stop - first.held)]));
        // A secret either side of the break, and none across it that the whole would not show.
        for (const form of forms) {
          expect(begin).not.toMatch(new RegExp(patternOf(form)));
          expect(rest).not.toMatch(new RegExp(patternOf(form)));
        }
        const whole = binary(redact(list, [data]));
        const marks = new RegExp(`(${binary(bytes(redactionMark))})+`, 'g');
        const merged = (text: string): string => text.replace(marks, '#');
        expect(merged(begin + rest)).toBe(merged(whole));
      }),
      { numRuns: 200 },
    );
  });

  it('takes linear time for what overlaps most', () => {
    const redactor = createRedactor(['a'.repeat(2000), `${'a'.repeat(1000)}b`]);
    const chunk = bytes('a'.repeat(65_536));
    // What is quadratic in the overlap would take minutes here, and run into the test's own limit.
    for (let count = 0; count < 16; count++) redactor.push(chunk);
    expect(redactor.held).toBeLessThan(5400);
  });
});
