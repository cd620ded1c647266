import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Ten thousand runbooks as a large organisation has them: some words everywhere, some hardly. */

const SYSTEMS = 'orders payments billing identity search mail ledger catalog stock delivery'.split(
  ' ',
);
const KINDS = ['restore', 'failover', 'maintenance', 'incident', 'check'];
const VERBS = 'restore drain scale verify rotate promote snapshot replay compact fence'.split(' ');
const THINGS =
  'database replica queue certificate volume shard index gateway cache bucket deployment'.split(
    ' ',
  );
const PROSE =
  'Look at the dashboard before going on. The primary must not accept writes while the copy is loaded; ' +
  'ask the owner when the lag stays above a minute. Afterwards compare the row count with the manifest.';
const COMMANDS = [
  'kubectl -n "$NAMESPACE" scale deployment/$NAME --replicas=0',
  'pg_restore --clean --if-exists --dbname="$DATABASE_URL" "$DUMP"',
  'aws s3 cp "s3://$BUCKET/latest.dump" ./latest.dump',
  'systemctl restart $NAME && journalctl -u $NAME --since -5m',
  'psql -v ON_ERROR_STOP=1 -c "select count(*) from orders" "$DATABASE_URL"',
];

/** The same numbers in the same order at every run. */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

export function writeLibrary(folder: string, count: number): void {
  const next = numbers(7);
  const one = (words: readonly string[]): string => words[next(words.length)] ?? '';
  for (let index = 0; index < count; index++) {
    const system = `${one(SYSTEMS)}-${next(200)}`;
    const steps = Array.from(
      { length: 6 + next(8) },
      (_, step) =>
        `### ${one(VERBS)} the ${one(THINGS)} of ${system}\n\n${PROSE.slice(next(60))} Ticket OPS-${next(90_000)}.\n\n` +
        `\`\`\`sh {id=step-${step} timeout=10m}\n${one(COMMANDS)}\necho node-${next(5_000)}\n\`\`\`\n`,
    );
    const place = join(folder, `team-${index % 100}`);
    mkdirSync(place, { recursive: true });
    writeFileSync(
      join(place, `runbook-${index}.md`),
      `---\nrunbook: 1\nkind: ${one(KINDS)}\nsystem: ${system}\nowner: team-${index % 100}\n` +
        `requires: {tools: [psql, kubectl]}\n---\n# ${one(VERBS)} ${one(THINGS)} of ${system}\n\n` +
        `${PROSE}\n\n## Do\n\n${steps.join('\n')}`,
    );
  }
}

/** What people type: whole words, words begun, rare ones, commands, phrases, nonsense. */
export function queries(count: number): string[] {
  const next = numbers(11);
  const one = (words: readonly string[]): string => words[next(words.length)] ?? '';
  const kinds: (() => string)[] = [
    () => `${one(VERBS)} ${one(THINGS)}`,
    () => `${one(SYSTEMS)}-${next(200)}`,
    () => one(THINGS).slice(0, 1 + next(4)),
    () => `OPS-${next(90_000)}`,
    () => one(['pg_restore', 'kubectl scale', 'journalctl -u', 'aws s3 cp', 'on_error_stop']),
    () => `"${one(VERBS)} the ${one(THINGS)}"`,
    () => `node-${next(5_000)}`,
    () => `${one(SYSTEMS)} ${one(VERBS)} ${one(THINGS)} row count`,
    () => one(['zebra', 'ünïcode', '"', 'AND OR NOT', 'a*b^c:d(', '-']),
    () => `${one(VERBS)} ${one(SYSTEMS).slice(0, 2)}`,
  ];
  return Array.from({ length: count }, (_, index) => kinds[index % kinds.length]?.() ?? '');
}
