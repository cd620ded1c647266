const newline = 10;

/** How many line ends there are in `bytes`. */
export function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === newline) count += 1;
  return count;
}
