import { allSteps, type Runbook } from '../runbook/model.ts';
import { slug } from '../runbook/slug.ts';

/** What a guide's words let one suppose about it. A person confirms or corrects each. */

type Kind = NonNullable<Runbook['kind']>;

const KIND_WORDS: readonly [Kind, RegExp][] = [
  ['drill', /\b(?:drill|game day|exercise|rehearsal)/i],
  ['failover', /\b(?:failover|fail over|failback|switchover|switch over)/i],
  ['restore', /\b(?:restor|recover|backup)/i],
  ['incident', /\b(?:incident|outage|on-call|troubleshoot|alert|emergenc|escalat)/i],
  [
    'maintenance',
    /\b(?:maintenance|upgrad|patch|rotat|migrat|deploy|release|rollback|roll back|rollout|scal)/i,
  ],
  ['check', /\b(?:check|health|verif|audit|inspect|monitor)/i],
];

/** The kind that the title says, else the one that most headings are about, or null. */
export function guessKind(runbook: Runbook): Kind | null {
  for (const [kind, words] of KIND_WORDS) if (words.test(runbook.title)) return kind;
  const headings = [
    ...runbook.phases.map((phase) => phase.title),
    ...allSteps(runbook).map((step) => step.title),
  ];
  let best: { kind: Kind; count: number } | null = null;
  for (const [kind, words] of KIND_WORDS) {
    const count = headings.filter((heading) => words.test(heading)).length;
    if (count > (best?.count ?? 0)) best = { kind, count };
  }
  return best?.kind ?? null;
}

/** Words of a title that name the document or what it is for, not the system. */
const COMMON =
  /\b(?:the|a|an|of|for|to|from|and|in|on|with|how|our|run ?books?|play ?books?|guides?|manuals?|procedures?|documentation|docs?|operations?|operational|ops|standard|sop|disaster|recovery|recover|restor\w*|backups?|fail ?over|maintenance|incidents?|response|plan|drills?|checks?|health|deployments?|deploy|upgrad\w*|troubleshooting|emergency|production)\b/gi;

/** A short name of the system from the title, or null. */
export function guessSystem(title: string): string | null {
  const left = title
    .replace(COMMON, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return left === '' || left.length > 40 ? null : slug(left);
}

const LONG =
  /\b(?:pg_dump|pg_restore|pg_basebackup|mysqldump|restore|rsync|scp|gunzip|gzip|tar|zcat|s3 (?:cp|sync)|velero|dd|vacuum|reindex|migrate|terraform|ansible-playbook|docker (?:build|pull)|helm)\b/i;
const SHORT = /^\s*(?:#.*|(?:echo|ls|cat|date|grep|head|tail|which|kubectl get|git status)\b.*)$/;

/** How long a command may take before something is wrong with it. */
export function guessTimeout(code: string): string {
  if (LONG.test(code)) return '30m';
  const lines = code.split('\n').filter((line) => line.trim() !== '');
  return lines.every((line) => SHORT.test(line)) ? '1m' : '5m';
}
