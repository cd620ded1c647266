/** Ids stay short enough to type and to show in one column. */
const LONGEST = 60;

/** An id made from a title: lower case, words joined by `-`, numbering such as `1.` left out. */
export function slug(title: string): string {
  const words = title
    .replace(/^\s*\d{1,4}[.)]\s+/, '')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+/, '');
  const cut = words.length > LONGEST ? words.slice(0, LONGEST) : words;
  return cut.replace(/-+$/, '') || 'step';
}

/** Hands out ids, each once: the second `check` becomes `check-2`. */
export class Ids {
  readonly #taken = new Set<string>();
  readonly #next = new Map<string, number>();

  /** Takes `id` itself. False when somebody has it. */
  claim(id: string): boolean {
    if (this.#taken.has(id)) return false;
    this.#taken.add(id);
    return true;
  }

  /** Takes `wanted`, or the first free `wanted-2`, `wanted-3` … */
  unique(wanted: string): string {
    if (this.claim(wanted)) return wanted;
    let number = this.#next.get(wanted) ?? 2;
    while (!this.claim(`${wanted}-${number}`)) number += 1;
    this.#next.set(wanted, number + 1);
    return `${wanted}-${number}`;
  }
}
