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

/**
 * Writes `block` so many times; resolves to the ms until all of it was taken.
 *
 * @param {string} block
 * @param {number} count
 * @returns {Promise<number>}
 */
function flood(block, count) {
  const began = performance.now();
  let sent = 0;
  let taken = 0;
  return new Promise((resolve) => {
    const more = () => {
      while (sent < count && (sent - taken) * block.length < AHEAD) {
        sent += 1;
        terminal?.write(block, () => {
          taken += 1;
          if (taken === count) resolve(performance.now() - began);
          else more();
        });
      }
    };
    more();
  });
}

Object.assign(globalThis, { openLike, flood });
