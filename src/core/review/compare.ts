import type { Runbook } from '../runbook/model.ts';
import type { Comparison, DiffLine, SectionChange } from './comparison.ts';
import { diffLines } from './line-diff.ts';
import { unseenChanges } from './line-ends.ts';
import { matchSections, unmoved } from './match.ts';
import { type Section, sectionsOf } from './sections.ts';

export interface Version {
  text: string;
  runbook: Runbook;
}

/** Compares two texts. Every line of both appears in the result exactly once. */
export function compare(before: Version, after: Version): Comparison {
  const old = sectionsOf(before.text, before.runbook);
  const now = sectionsOf(after.text, after.runbook);
  const matches = matchSections(old, now);
  const moved = movedOf(matches);
  const gone = removedAfter(old, matches);
  const sections = (gone.get(-1) ?? []).map(removed);
  for (const [index, section] of now.entries()) {
    const match = matches[index];
    const was = match === null || match === undefined ? undefined : old[match];
    if (was === undefined) sections.push(added(section));
    else sections.push(matched(was, section, moved.has(index) ? placeOf(old, was) : null));
    sections.push(...(gone.get(index) ?? []).map(removed));
  }
  return { sections, unseen: unseenChanges(before.text, after.text, sections) };
}

function matched(was: Section, section: Section, movedFrom: string | null): SectionChange {
  const lines = diffLines(was, section);
  const { kind, title, phase, start } = section;
  return {
    kind,
    change: lines.every((line) => line.kind === 'same') ? 'same' : 'changed',
    title,
    titleBefore: was.title === title ? null : was.title,
    phase,
    line: start,
    movedFrom,
    lines,
  };
}

function added(section: Section): SectionChange {
  return oneSided('added', section, diffLines({ start: 1, lines: [] }, section));
}

function removed(section: Section): SectionChange {
  return oneSided('removed', section, diffLines(section, { start: 1, lines: [] }));
}

function oneSided(
  change: 'added' | 'removed',
  { kind, title, phase, start }: Section,
  lines: DiffLine[],
): SectionChange {
  return { kind, change, title, titleBefore: null, phase, line: start, movedFrom: null, lines };
}

/** Indices of the sections after that stand elsewhere among those that were there before. */
function movedOf(matches: readonly (number | null)[]): Set<number> {
  const kept = matches.flatMap((match, index) => (match === null ? [] : [{ match, index }]));
  const stay = unmoved(kept.map(({ match }) => match));
  return new Set(kept.flatMap(({ index }, at) => (stay.has(at) ? [] : [index])));
}

/** The removed sections by the index of the section after that they stand behind; -1: at the top. */
function removedAfter(
  old: readonly Section[],
  matches: readonly (number | null)[],
): Map<number, Section[]> {
  const indexOf = new Map<number, number>();
  for (const [index, match] of matches.entries()) if (match !== null) indexOf.set(match, index);
  const gone = new Map<number, Section[]>();
  let behind = -1;
  for (const [index, section] of old.entries()) {
    const still = indexOf.get(index);
    if (still !== undefined) {
      behind = still;
      continue;
    }
    const there = gone.get(behind);
    if (there === undefined) gone.set(behind, [section]);
    else there.push(section);
  }
  return gone;
}

function placeOf(old: readonly Section[], was: Section): string {
  const before = old[old.indexOf(was) - 1];
  const line = `line ${was.start}`;
  if (before === undefined || before.title === '') return line;
  return `${line}, after “${before.title}”`;
}
