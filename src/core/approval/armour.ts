/**
 * Plain text that survives mail and chat: JSON as base64 between two lines that name what it is.
 * Line ends, white space, quotation marks of replies, code blocks and changed dashes do no harm,
 * because nothing but the letters of base64 between the two names counts.
 */

export const blockNames = {
  request: 'MUSTER APPROVAL REQUEST',
  approval: 'MUSTER SIGNED APPROVAL',
  key: 'MUSTER APPROVER KEY',
} as const;
export type BlockName = keyof typeof blockNames;

/** The longest text that is looked at, in characters. */
export const longestBlock = 512 * 1024;

const LINE = 64;

export function writeBlock(name: BlockName, value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const lines = btoa(binary).match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  const title = blockNames[name];
  return `-----BEGIN ${title}-----\n${lines.join('\n')}\n-----END ${title}-----\n`;
}

export type ReadBlock = { ok: true; value: unknown } | { ok: false; why: string };

/** The JSON in the one block of this name in a text. Never throws. */
export function readBlock(name: BlockName, text: string): ReadBlock {
  if (text.length > longestBlock) return { ok: false, why: 'It is too long to be one.' };
  const title = blockNames[name].replaceAll(' ', '\\s+');
  const begins = [...text.matchAll(new RegExp(`BEGIN\\s+${title}`, 'g'))];
  const begin = begins[0];
  if (begin === undefined) return { ok: false, why: `There is no ${blockNames[name]} in it.` };
  if (begins.length > 1) return { ok: false, why: 'There is more than one in it.' };
  const rest = text.slice(begin.index + begin[0].length);
  const end = rest.search(new RegExp(`END\\s+${title}`));
  if (end < 0) return { ok: false, why: 'Its end is missing.' };
  try {
    const binary = atob(rest.slice(0, end).replace(/[^A-Za-z0-9+/=]/g, ''));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return { ok: false, why: 'Something in it was changed or lost on the way.' };
  }
}
