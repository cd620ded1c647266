import type { Risk } from './model.ts';

/**
 * A guess at what a plain guide's command can do, from its verbs, so that care is taken before
 * anybody has reviewed it. It errs towards care; an annotation always wins.
 */

/** Data or objects are gone, or overwritten, afterwards. */
const DESTRUCTIVE =
  /\b(?:delete|drop|truncate|destroy|purge|wipe|shred|mkfs(?:\.\w+)?|flushall|flushdb|uninstall|prune|restore|pg_restore|overwrite|terminate)\b|\brm\s+(?:-\S+\s+)*\S|\bdd\s+\S*(?:if|of)=|\bgit\s+(?:reset\s+--hard|clean\b|push\s+(?:-f|--force)\b)|--delete\b/i;

/** Something that runs is stopped, replaced or moved. */
const DISRUPTIVE =
  /\b(?:scale|rollout\s+(?:undo|restart)|rollback|restart|reload|stop|start|kill|killall|pkill|drain|cordon|uncordon|taint|reboot|shutdown|poweroff|halt|failover|switchover|promote|demote|patch|apply|replace|upgrade|downgrade|install|migrate|deploy|alter|insert|update|vacuum|reindex|chmod|chown|mv|cp|push|exec)\b/i;

export function guessRisk(code: string): Risk {
  const commands = code
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n');
  if (DESTRUCTIVE.test(commands)) return 'destructive';
  return DISRUPTIVE.test(commands) ? 'disruptive' : 'safe';
}
