import type { Runbook } from '../runbook/model.ts';
import { parse } from '../runbook/parse.ts';
import { readingFix } from './reading-fixes.ts';
import type { LintFinding, Rule } from './rule.ts';
import { lintRules } from './rules.ts';
import { Subject } from './subject.ts';

/** More of one rule than this say nothing new. */
const MOST_PER_RULE = 100;

/**
 * All that is wrong in a text or could be better: what reading it found, and what the rules find.
 * In order of place. Pure and total; `runbook` is what `text` was parsed to.
 */
export function lint(text: string, runbook: Runbook = parse(text)): LintFinding[] {
  const parts = lintParts(text, runbook);
  for (;;) {
    const part = parts.next();
    if (part.done) return part.value;
  }
}

/** The same, rule by rule: for those who have something else to do in between. */
export function* lintParts(text: string, runbook: Runbook): Generator<void, LintFinding[]> {
  const subject = new Subject(text, runbook);
  const findings: LintFinding[] = runbook.findings.map((finding) => {
    const fix = readingFix(finding, subject);
    return fix === null ? finding : { ...finding, fix };
  });
  for (const rule of lintRules) {
    yield;
    findings.push(...findingsOf(rule, subject));
  }
  return inOrder(findings);
}

/** What one rule finds. */
export function findingsOf(rule: Rule, subject: Subject): LintFinding[] {
  const found: LintFinding[] = [];
  if (rule.reads === 'muster' && subject.runbook.format !== 'muster') return found;
  const last = Math.max(1, subject.lines.length);
  rule.check(subject, (place, message, remedy, fix) => {
    if (found.length >= MOST_PER_RULE) return;
    const line = Math.min(last, Math.max(1, place.line));
    const column = Math.min(subject.line(line).length + 1, Math.max(1, place.column));
    const { name, severity } = rule;
    found.push({ rule: name, severity, line, column, message, remedy, ...(fix && { fix }) });
  });
  return found;
}

export function inOrder<T extends { line: number; column: number }>(findings: readonly T[]): T[] {
  return [...findings].sort((a, b) => a.line - b.line || a.column - b.column);
}
