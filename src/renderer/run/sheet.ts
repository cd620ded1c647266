/** Output as lines for the eye. Bounded: the oldest lines go first. */
export interface Sheet {
  /** Lines that are complete, and the last one as far as it is written. */
  lines: readonly string[];
  /** Characters in `lines`. */
  size: number;
  /** Complete lines that were let go. */
  dropped: number;
}

export const blank: Sheet = { lines: [''], size: 0, dropped: 0 };

/** About 2 MB a step. */
const limit = 2_000_000;
/** A line without end, such as one of a binary file, is cut for the eye; copies are whole. */
const longest = 10_000;

/** A lone carriage return draws over the line, as a terminal does. */
function overwritten(line: string): string {
  const ended = line.endsWith('\r') ? line.slice(0, -1) : line;
  const at = ended.lastIndexOf('\r');
  return at < 0 ? ended : ended.slice(at + 1);
}

export function append(sheet: Sheet, text: string): Sheet {
  if (text === '') return sheet;
  const open = sheet.lines.at(-1) ?? '';
  const fresh = (open + text).split('\n');
  const last = fresh.length - 1;
  // The last line keeps its carriage returns: what follows may still draw over it.
  const shown = fresh.map((line, index) => (index < last ? overwritten(line) : line.slice(-limit)));
  let lines = [...sheet.lines.slice(0, -1), ...shown];
  let size = sheet.size - open.length;
  for (const line of shown) size += line.length;
  let dropped = sheet.dropped;
  if (size > limit) {
    let count = 0;
    while (size > limit * 0.9 && count < lines.length - 1) {
      size -= lines[count]?.length ?? 0;
      count += 1;
    }
    lines = lines.slice(count);
    dropped += count;
  }
  return { lines, size, dropped };
}

/** All of it as text, for the clipboard and for finding. */
export function textOf(sheet: Sheet): string {
  return sheet.lines.map((line) => plain(line)).join('\n');
}

// Control sequences: CSI, OSC and two-character escapes.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const escapes = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g;

/** A line without control sequences, as it stands on the last carriage return. */
export function plain(line: string): string {
  return overwritten(line).replace(escapes, '');
}

export interface Span {
  text: string;
  colour: string | null;
  strong: boolean;
}

const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

function styled(codes: string, span: Omit<Span, 'text'>): Omit<Span, 'text'> {
  let { colour, strong } = span;
  for (const code of codes.split(';').map(Number)) {
    if (code === 0) {
      colour = null;
      strong = false;
    } else if (code === 1) strong = true;
    else if (code === 22) strong = false;
    else if (code === 39) colour = null;
    else if (code >= 30 && code <= 37) colour = colours[code - 30] ?? null;
    else if (code >= 90 && code <= 97) colour = colours[code - 90] ?? null;
    // 38 is followed by a colour of its own: the eight of the theme are enough for the eye.
    else if (code === 38 || code === 48) break;
  }
  return { colour, strong };
}

/** A line in its colours. Each line begins plain. */
export function spansOf(line: string): Span[] {
  const whole = overwritten(line);
  const shown = whole.length > longest ? `${whole.slice(0, longest)} …` : whole;
  if (!shown.includes('\x1b')) return [{ text: shown, colour: null, strong: false }];
  const spans: Span[] = [];
  let style: Omit<Span, 'text'> = { colour: null, strong: false };
  let from = 0;
  for (const match of shown.matchAll(escapes)) {
    if (match.index > from) spans.push({ text: shown.slice(from, match.index), ...style });
    from = match.index + match[0].length;
    if (match[0].startsWith('\x1b[') && match[0].endsWith('m')) {
      style = styled(match[0].slice(2, -1), style);
    }
  }
  if (from < shown.length) spans.push({ text: shown.slice(from), ...style });
  return spans;
}
