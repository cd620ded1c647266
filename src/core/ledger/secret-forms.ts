/**
 * The forms in which a secret may turn up in output. Beside the text itself: base64 (both
 * alphabets, at each of its three alignments within a longer text), hexadecimal, URL encoding, JSON
 * escapes (of JSON within JSON too) and shell quoting as `set -x` prints it. A secret of several lines counts line by line as
 * well, because terminals and YAML change what stands between its lines. Line breaks that an
 * encoder puts into a form are the redactor's business, but for those that JSON has escaped.
 */
export function formsOf(secret: string): Uint8Array[] {
  const texts = new Set<string>();
  for (const part of [secret, ...longLines(secret)]) {
    const bytes = utf8.encode(part);
    texts.add(part);
    for (const form of base64Forms(bytes)) texts.add(form);
    for (const form of hexForms(bytes)) texts.add(form);
    for (const form of urlForms(bytes)) texts.add(form);
    for (const form of jsonForms(part)) texts.add(form);
    texts.add(part.replaceAll("'", "'\\''"));
  }
  return [...texts].map((text) => utf8.encode(text));
}

const utf8 = new TextEncoder();

/** Lines of a secret that are long enough to be one by themselves. */
function longLines(secret: string): string[] {
  if (!secret.includes('\n')) return [];
  return secret
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= 8);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Base64 of the bytes alone, with its padding, and the digits that they alone determine when 0, 1
 * or 2 bytes of something else stand before them in a group of three. A digit shared with a
 * neighbour stays: it tells at most four bits of the secret.
 */
function base64Forms(bytes: Uint8Array): string[] {
  const forms: string[] = [];
  for (const digits of [`${alphabet}+/`, `${alphabet}-_`]) {
    for (const before of [0, 1, 2]) {
      const shifted = new Uint8Array(before + bytes.length);
      shifted.set(bytes, before);
      const text = base64(shifted, digits);
      forms.push(text.slice(Math.ceil((before * 8) / 6), Math.floor((shifted.length * 8) / 6)));
    }
    const alone = base64(bytes, digits);
    const padded = alone.padEnd(Math.ceil(alone.length / 4) * 4, '=');
    forms.push(alone, padded, ...wrappedInJson(padded));
  }
  return [...forms, ...forms.flatMap(escapedBase64)];
}

/** The columns at which `base64` and PEM break their lines. */
const COLUMNS = [64, 76];

/** Base64 in lines, as it stands in a JSON text: there a line break is two or four characters. */
function wrappedInJson(text: string): string[] {
  return COLUMNS.flatMap((columns) => {
    const lines = text.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [];
    return lines.length < 2 ? [] : [lines.join('\\n'), lines.join('\\r\\n')];
  });
}

/** Base64 within a URL, and within JSON that escapes the slash. */
function escapedBase64(text: string): string[] {
  if (!/[+/=]/.test(text)) return [];
  const upper = text.replaceAll('+', '%2B').replaceAll('/', '%2F').replaceAll('=', '%3D');
  const lower = text.replaceAll('+', '%2b').replaceAll('/', '%2f').replaceAll('=', '%3d');
  return [upper, lower, text.replaceAll('/', '\\/')];
}

function hexForms(bytes: Uint8Array): string[] {
  let lower = '';
  for (const byte of bytes) lower += byte.toString(16).padStart(2, '0');
  return [lower, lower.toUpperCase()];
}

/** Base64 without padding. */
function base64(bytes: Uint8Array, digits: string): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += digits[(held >> bits) & 63];
    }
  }
  return bits === 0 ? text : text + digits[(held << (6 - bits)) & 63];
}

/**
 * What different encoders leave as it is, beside letters, digits, `-`, `.` and `_`: PHP, RFC 3986,
 * forms and Java, `encodeURIComponent`, paths in Python and Go, user names in Go, `encodeURI`.
 */
const leftAlone = ['', '~', '*', "~!*'()", '~/', '~$&+:=@', '~$&+,;=', "~!*'();/?:@&=+$,#"];

function urlForms(bytes: Uint8Array): string[] {
  return leftAlone.flatMap((extra) =>
    ['%20', '+'].flatMap((space) =>
      [true, false].map((upper) => {
        let text = '';
        for (const byte of bytes) {
          const char = String.fromCharCode(byte);
          const hex = byte.toString(16).padStart(2, '0');
          if (char === ' ') text += space;
          else if (byte < 128 && (/[\w.-]/.test(char) || extra.includes(char))) text += char;
          else text += `%${upper ? hex.toUpperCase() : hex}`;
        }
        return text;
      }),
    ),
  );
}

/** How deep JSON stands in the strings of JSON: an annotation in an answer in an evidence is three. */
const JSON_DEPTH = 3;

/** As JSON within its quotes, also where that JSON is a text within JSON again. */
function jsonForms(text: string): string[] {
  let forms = jsonForm(text);
  const all = [...forms];
  for (let depth = 2; depth <= JSON_DEPTH; depth += 1) {
    forms = [...new Set(forms.map((form) => JSON.stringify(form).slice(1, -1)))];
    all.push(...forms);
  }
  return all;
}

/** As JSON within its quotes: plain, with `\/`, with `<`, `>`, `&` escaped, and in ASCII alone. */
function jsonForm(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const escaped = (which: RegExp, upper: boolean): string =>
    plain.replace(which, (unit) => {
      const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
      return `\\u${upper ? hex.toUpperCase() : hex}`;
    });
  const [html, beyondAscii, both] = [
    /[<>&\u2028\u2029]/g,
    /[\u007f-\uffff]/g,
    /[<>&\u007f-\uffff]/g,
  ];
  return [
    plain,
    plain.replaceAll('/', '\\/'),
    ...[html, beyondAscii, both].flatMap((which) => [escaped(which, false), escaped(which, true)]),
  ];
}
