import type { Risk } from '../runbook/model.ts';
import type { CareLevel } from './target.ts';

/**
 * What a target's level of care demands before a step of this risk: nothing, a person's word, or
 * the target's name typed by that person after what will change was shown.
 */
export type CareDemand = 'run' | 'confirm' | 'type-name';

/** Total: every level knows every risk. */
export function careFor(level: CareLevel, risk: Risk): CareDemand {
  return demands[level][risk];
}

const demands: Readonly<Record<CareLevel, Readonly<Record<Risk, CareDemand>>>> = {
  practice: { safe: 'run', disruptive: 'run', destructive: 'run' },
  standard: { safe: 'run', disruptive: 'run', destructive: 'confirm' },
  critical: { safe: 'run', disruptive: 'confirm', destructive: 'type-name' },
};
