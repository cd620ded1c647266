import type { HitPlace } from './hit.ts';
import type { Passage } from './passages.ts';
import { marksIn, type Term } from './search-words.ts';
import { markedOf, snippetOf } from './snippet.ts';

/** How many places of one runbook a list of hits shows. */
const SHOWN = 3;

/** Where the terms stand in a runbook: places that hold more of them first, then from the top. */
export function hitPlaces(
  passages: readonly Passage[],
  terms: readonly Term[],
): { places: HitPlace[]; morePlaces: number } {
  const found = passages.flatMap((passage) => {
    const score = scoreOf(passage, terms);
    return score === 0 ? [] : [{ passage, score }];
  });
  // Sorting is stable: of equals the one nearer the top comes first.
  found.sort((a, b) => b.score - a.score);
  return {
    places: found.slice(0, SHOWN).map(({ passage }) => placeOf(passage, terms)),
    morePlaces: Math.max(0, found.length - SHOWN),
  };
}

/** A term in the title counts most, then one in a command; see the weights of the index. */
function scoreOf({ title, command, prose }: Passage, terms: readonly Term[]): number {
  let score = 0;
  for (const term of terms) {
    const holds = (text: string): boolean => text !== '' && marksIn(text, [term], 1).length > 0;
    if (holds(title)) score += 104;
    else if (holds(command)) score += 102;
    else if (holds(prose)) score += 101;
  }
  return score;
}

function placeOf(passage: Passage, terms: readonly Term[]): HitPlace {
  const command = snippetOf(passage.command, terms);
  const prose = command === null ? snippetOf(passage.prose, terms) : null;
  const snippet =
    command !== null
      ? { ...command, code: true }
      : prose === null
        ? null
        : { ...prose, code: false };
  return { step: passage.step, line: passage.line, title: markedOf(passage.title, terms), snippet };
}
