import type { Place } from '../runbook/findings.ts';
import type { Finding } from '../runbook/model.ts';
import type { Subject } from './subject.ts';

/** Characters `start` to `end` of the source become `text`; offsets are those of a JavaScript string. */
export interface Fix {
  start: number;
  end: number;
  text: string;
}

/** A finding, with the edit that puts it right where one is safe. */
export interface LintFinding extends Finding {
  fix?: Fix;
}

/**
 * What a rule is, for the documentation, for SARIF and for the tests, which lint both examples.
 * An example that begins with `---` is a whole file; any other stands in a runbook that is
 * otherwise in order (see `wholeExample`).
 */
export interface RuleDescription {
  /** Stable: people name it in their settings. */
  name: string;
  severity: Finding['severity'];
  /** One sentence: when it is found. */
  summary: string;
  /** Why it matters and what to do, where the summary does not say it all. */
  why: string;
  bad: string;
  good: string;
  /** The examples only tell what would be there: a text cannot hold it, or it needs other files. */
  told?: true;
}

/** Adds one finding of the rule that runs. */
export type Report = (place: Place, message: string, remedy: string, fix?: Fix) => void;

/** A rule that looks at the runbook after it was read. */
export interface Rule extends RuleDescription {
  /** `muster`: only runbooks in Muster's own format. A plain guide was written for other readers. */
  reads: 'muster' | 'any';
  check(subject: Subject, report: Report): void;
}

/** A heading that no example needs to repeat. */
const FRAME = `---
runbook: 1
title: Example
owner: platform
review: 90d
requires: {target: true, tools: [aws, curl, helm, jq, kubectl, mysql, pg_dump, psql, redis-cli]}
---
# Example

## Steps

`;

/** The file that an example stands for. */
export function wholeExample(example: string): string {
  return example.startsWith('---') || example.startsWith('# ') ? example : FRAME + example;
}

/** An example as it is written in the sources of the rules: `~~~` stands for three backticks. */
export function example(text: string): string {
  return text.replaceAll('~~~', '```').replace(/^\n/, '');
}
