/** What a fence's language means to Muster. */

const SHELLS: Record<string, 'bash' | 'sh'> = { bash: 'bash', sh: 'sh', shell: 'sh' };

/** Fences that show a terminal: commands behind prompts, and what they print. */
const CONSOLES = ['console', 'shell-session', 'shellsession', 'sh-session'];

/** Step kinds of the format that this version shows but does not carry out. */
export const LATER_KINDS: readonly string[] = [
  'kubernetes',
  's3',
  'sql',
  'http',
  'prometheus',
  'wait',
  'approve',
  'notify',
  'runbook',
  'fault',
  'check',
  'pwsh',
];

/** The language of an info string: its first word, lower case. */
export function languageOf(before: string): string {
  return (/^\S+/.exec(before)?.[0] ?? '').toLowerCase();
}

/**
 * The shell and the commands of a fence, or null when it is none to run. A fence with `$ ` prompts
 * holds commands alone or also their output; output is never run, so a mix is only shown.
 */
export function shellCode(
  language: string,
  lines: readonly string[],
): { language: 'bash' | 'sh'; code: string } | null {
  const first = lines.find((line) => line.trim() !== '');
  if (first === undefined) return null;
  const prompted = first.startsWith('$ ');
  const shell = Object.hasOwn(SHELLS, language) ? SHELLS[language] : undefined;
  if (shell === undefined && !(CONSOLES.includes(language) && prompted)) return null;
  if (!prompted) return { language: shell ?? 'sh', code: lines.join('\n') };
  const commands = withoutPrompts(lines);
  return commands === null ? null : { language: shell ?? 'sh', code: commands };
}

/** The commands without their prompts, or null when other lines stand between them. */
function withoutPrompts(lines: readonly string[]): string | null {
  const commands: string[] = [];
  let continues = false;
  for (const line of lines) {
    if (continues) commands.push(line.startsWith('> ') ? line.slice(2) : line);
    else if (line.startsWith('$ ')) commands.push(line.slice(2));
    else if (line.trim() === '' || line.startsWith('#')) commands.push(line);
    else return null;
    continues = line.endsWith('\\') && (continues || line.startsWith('$ '));
  }
  return commands.join('\n');
}
