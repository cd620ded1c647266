import { readFileSync } from 'node:fs';
import { resolve as absolute } from 'node:path';
import { MusterError } from '../core/problem.ts';

/** The longest secret that is read from a file, in bytes. */
const LONGEST = 4_096;

/**
 * A PIN or passphrase, never from the command line: the first line of `file` (`-` for standard
 * input, `/dev/fd/3` for a file descriptor), or typed at the terminal without being shown. A new
 * one is typed twice. Throws MusterError.
 */
export async function secretFrom(
  file: string | undefined,
  what: { prompt: string; option: string; isNew?: boolean },
): Promise<string> {
  if (file !== undefined) return firstLine(file);
  if (!process.stdin.isTTY) throw nobodyTypes(what.option);
  const terminal = hiddenTerminal();
  try {
    const typed = await terminal.ask(`${what.prompt}: `);
    if (!what.isNew) return typed;
    const again = await terminal.ask(`${what.prompt}, again: `);
    if (again !== typed) throw typedDifferently();
    return typed;
  } finally {
    terminal.close();
  }
}

function firstLine(file: string): string {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : absolute(process.env.INIT_CWD ?? '.', file), 'utf8');
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error));
  }
  if (text.length > LONGEST) throw unreadable(file, `It is longer than ${LONGEST} characters.`);
  return text.split(/\r?\n/)[0] ?? '';
}

/** The terminal, which shows nothing of what is typed from now on until it is closed. */
function hiddenTerminal(): { ask(prompt: string): Promise<string>; close(): void } {
  const { stdin, stderr } = process;
  // Before the first prompt: what a quick person types must not be shown either.
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  let waiting = '';
  let wake = (): void => undefined;
  const take = (data: string): void => {
    waiting += data;
    wake();
  };
  stdin.on('data', take);
  return {
    async ask(prompt) {
      stderr.write(prompt);
      for (let typed = ''; ; ) {
        const [char = '', ...rest] = waiting;
        waiting = rest.join('');
        if (char === '') {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if (char === '\r' || char === '\n') {
          stderr.write('\n');
          return typed;
        } else if (char === '\u0003' || char === '\u0004') {
          // Ctrl-C and Ctrl-D end the command.
          stderr.write('\n');
          throw givenUp();
        } else if (char === '\u007f' || char === '\b') typed = [...typed].slice(0, -1).join('');
        else if (char === '\u0015') typed = '';
        else if (char >= ' ') typed += char;
      }
    },
    close() {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

function nobodyTypes(option: string): MusterError {
  return new MusterError({
    code: 'secret-missing',
    what: 'There is no terminal to type at.',
    safe: 'Nothing was changed.',
    next: `Give a file or a file descriptor: ${option} FILE`,
  });
}

function typedDifferently(): MusterError {
  return new MusterError({
    code: 'secret-typed-differently',
    what: 'The two that you typed differ.',
    safe: 'Nothing was changed.',
    next: 'Try again.',
  });
}

function givenUp(): MusterError {
  return new MusterError({
    code: 'given-up',
    what: 'You ended the question.',
    safe: 'Nothing was changed.',
    next: 'Give the command again when you are ready.',
  });
}

function unreadable(file: string, detail: string): MusterError {
  return new MusterError({
    code: 'secret-unreadable',
    what: `The file ${file} could not be read for the passphrase. ${detail}`,
    safe: 'Nothing was changed.',
    next: 'Check its name and its rights.',
    place: { file },
  });
}
