import type { Finding } from './model.ts';

/** A place in the source, both counted from 1. */
export interface Place {
  line: number;
  column: number;
}

/** More of one rule than this say nothing new; an error is never crowded out by other rules. */
const MOST_PER_RULE = 100;

/** Collects what parsing finds wrong, with a bound for texts that are wrong everywhere. */
export class Findings {
  readonly #all: Finding[] = [];
  readonly #perRule = new Map<string, number>();

  error(rule: string, place: Place, message: string, remedy: string): void {
    this.#add({ rule, severity: 'error', ...at(place), message, remedy });
  }

  warning(rule: string, place: Place, message: string, remedy: string): void {
    this.#add({ rule, severity: 'warning', ...at(place), message, remedy });
  }

  #add(finding: Finding): void {
    const key = `${finding.severity} ${finding.rule}`;
    const count = this.#perRule.get(key) ?? 0;
    if (count >= MOST_PER_RULE) return;
    this.#perRule.set(key, count + 1);
    this.#all.push(finding);
  }

  /** In order of place. YAML may miss something only behind the last line; that is shown there. */
  list(lines: number): Finding[] {
    const last = Math.max(1, lines);
    const inside = this.#all.map((finding) => ({ ...finding, line: Math.min(finding.line, last) }));
    return inside.sort((a, b) => a.line - b.line || a.column - b.column);
  }
}

function at(place: Place): Place {
  return { line: Math.max(1, place.line), column: Math.max(1, place.column) };
}
