/**
 * What a process printed, as a person reads it on paper: colours and cursor movements left out, of
 * a line that was drawn over again and again only its last state, and every character that cannot
 * be seen or that turns the direction of the text made visible.
 */
export function readableOutput(text: string): string {
  return readable(text.replace(escapeSequence, '').replaceAll('\r\n', '\n').replace(overdrawn, ''));
}

/** A text with its invisible and direction-turning characters made visible. */
export function readable(text: string): string {
  return text.replace(hidden, (char) => {
    const code = char.charCodeAt(0);
    // U+2400 and on are pictures of the control characters.
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  });
}

/** CSI, OSC and other string sequences, and the two-character ones, in this order. */
const escapeSequence = new RegExp(
  [
    '\\u001b\\[[0-?]*[ -/]*[@-~]',
    '\\u001b\\][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)',
    '\\u001b[PX^_][^\\u001b]*\\u001b\\\\',
    '\\u001b[ -/]*[0-Z\\\\^-~]',
  ].join('|'),
  'g',
);

/** The part of a line before its last carriage return. */
const overdrawn = /[^\n\r]*\r+(?=[^\n\r])/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what this is for.
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
