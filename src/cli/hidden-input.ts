/** Thrown when the person at the keyboard pressed Ctrl-C, or the terminal went away. */
export class InputEnded extends Error {}

/**
 * One line from the person at the terminal, without showing it. What is typed never passes through
 * an argument or an environment variable, where other processes could read it.
 */
export function readHidden(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(prompt);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.resume();
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const end = (settle: () => void): void => {
      stdin.off('data', take);
      stdin.off('end', gone);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
      settle();
    };
    const gone = (): void => end(() => reject(new InputEnded()));
    const take = (text: string): void => {
      for (const char of text) {
        if (char === '\r' || char === '\n') {
          end(() => resolve(typed.join('')));
          return;
        }
        if (char === '\u0003' || char === '\u0004') {
          gone();
          return;
        }
        if (char === '\u007f' || char === '\b') typed.pop();
        else if (char === '\u0015') typed = [];
        else if (char >= ' ') typed.push(char);
      }
    };
    stdin.on('data', take);
    stdin.once('end', gone);
  });
}

/** All of standard input, which is no terminal. A final line break is not part of it. */
export async function readPiped(): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}
