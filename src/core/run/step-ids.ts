/**
 * What the id of a step says of its place in a run:
 *
 *     load            a step of the runbook itself
 *     restore/load    the step `load` of the runbook that the step `restore` calls
 *     load[2]         the step `load` for the second item of its list
 *     ~load           what takes back the step `load`
 */

/** The id in the runbook of the step that is carried out here or taken back. */
export function baseId(id: string): string {
  return reversedId(id).replace(/\[\d+\]/g, '');
}

/** True for a step that takes back another. */
export function isUndo(id: string): boolean {
  return id.startsWith('~');
}

/** The id of the step that this one takes back; of any other step its own. */
export function reversedId(id: string): string {
  return isUndo(id) ? id.slice(1) : id;
}

/** The id of the call whose runbook the step belongs to; empty for the runbook itself. */
export function scopeOf(id: string): string {
  const own = reversedId(id);
  return own.slice(0, Math.max(0, own.lastIndexOf('/')));
}

/** The number of its item, from 1, for the step of one item; null for any other. */
export function itemNumber(id: string): number | null {
  const match = /\[(\d+)\]$/.exec(id);
  return match?.[1] === undefined ? null : Number(match[1]);
}

/** The steps that a step is within, nearest first: calls and lists. */
export function containersOf(id: string): string[] {
  const found: string[] = [];
  let here = reversedId(id);
  for (;;) {
    const item = here.endsWith(']') ? /\[\d+\]$/.exec(here) : null;
    const cut = item?.index ?? here.lastIndexOf('/');
    if (cut <= 0) return found;
    here = here.slice(0, cut);
    found.push(here);
  }
}
