// What `terminal-flood.bench.ts` calls in the page. xterm.js and its addon are globals here.

/** @typedef {import('@xterm/xterm').Terminal} XTerm */

/** As far ahead as a writer may be, in characters: the terminal never waits for the next piece. */
const AHEAD = 1_000_000;

/** @type {XTerm | undefined} */
let terminal;

/** @param {{ columns: number, rows: number, webgl: boolean }} like */
function openLike({ columns, rows, webgl }) {
  // @ts-expect-error a global of the script in index.html
  const made = new globalThis.Terminal({
    allowProposedApi: true,
    cols: columns,
    rows,
    fontSize: 13,
    lineHeight: 1.2,
    scrollback: 10_000,
  });
  made.open(document.getElementById('host'));
  // @ts-expect-error the same
  if (webgl) made.loadAddon(new globalThis.WebglAddon.WebglAddon());
  terminal = made;
}

/** @type {string[]} */
let pieces = [];

/**
 * Makes the text beforehand, so that the terminal's own speed is all that counts.
 *
 * @param {(index: number) => string} piece
 * @param {number} count
 */
function prepare(piece, count) {
  pieces = Array.from({ length: count }, (_, index) => piece(index));
}

/**
 * Writes all pieces; resolves to the ms until all of them were taken.
 *
 * @returns {Promise<number>}
 */
function flood() {
  const began = performance.now();
  let written = 0;
  let ahead = 0;
  return new Promise((resolve) => {
    const more = () => {
      while (ahead < AHEAD && written < pieces.length) {
        const text = pieces[written] ?? '';
        written += 1;
        ahead += text.length;
        terminal?.write(text, () => {
          ahead -= text.length;
          if (ahead === 0 && written === pieces.length) resolve(performance.now() - began);
          else more();
        });
      }
    };
    more();
  });
}

Object.assign(globalThis, { openLike, prepare, flood });
