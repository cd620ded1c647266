import { fenceAttributes, headingAttributes } from '../runbook/attributes.ts';
import type { Fence, Heading } from '../runbook/blocks.ts';
import { fenceUse } from '../runbook/fence-use.ts';
import { Findings } from '../runbook/findings.ts';
import { noSettings, readSettings } from '../runbook/settings.ts';
import { headingTitle } from '../runbook/titles.ts';

/**
 * Braces mean more in a runbook than in a guide. Those that meant something else, or nothing, are
 * written so that they still read the same to a person and are no attributes.
 */

const broken = (findings: Findings): boolean =>
  findings.list(1).some(({ severity }) => severity === 'error');

/** The info string of a fence that is a command in the guide. */
export function plainInfo(fence: Fence, isWrong: boolean): string {
  const { attributes, fault } = fenceAttributes(fence.info, 1, 1);
  const findings = new Findings();
  readSettings(attributes, noSettings(), { findings, strict: true });
  if (fault === null && !isWrong && !broken(findings)) return fence.info;
  return fence.info.replaceAll('{', '(').replaceAll('}', ')');
}

/** The info string of a fence that is only shown in the guide: it stays so. */
export function shownInfo(fence: Fence): string {
  const use = fenceUse(fence, { format: 'muster', findings: new Findings() });
  const { fault } = fenceAttributes(fence.info, 1, 1);
  return use === null && fault === null ? fence.info : `text ${plainBraces(fence.info)}`;
}

function plainBraces(info: string): string {
  return info.replaceAll('{', '(').replaceAll('}', ')');
}

/** The text of a heading whose last brace ends no attributes. */
export function plainHeading(heading: Heading, isWrong: boolean): string {
  const list = headingAttributes(heading.text, 1, 1);
  if (list === null) return heading.text;
  const findings = new Findings();
  const { attributes } = headingTitle(heading, { format: 'guide', findings });
  readSettings(attributes, noSettings(), { findings, strict: true });
  if (attributes.length > 0 && !isWrong && !broken(findings)) return heading.text;
  return `${heading.text.slice(0, -1)}&#125;`;
}
