import type { ActionName } from '../actions/kind.ts';
import { actionNameOf } from '../actions/registry.ts';
import { type Attribute, fenceAttributes } from './attributes.ts';
import type { Fence } from './blocks.ts';
import type { Findings, Place } from './findings.ts';
import { LATER_KINDS, languageOf, queryKind, type ShellCode, shellCode } from './languages.ts';
import { noSettings, readSettings, type Settings } from './settings.ts';

/**
 * What a fence is to a run. `shell`, `ask` and queries are actions; `later` is a step of a kind that this
 * version shows but does not carry out, so that a person does it.
 */
export interface FenceUse {
  fence: Fence;
  language: string;
  does:
    | ({ kind: 'shell' } & ShellCode)
    | { kind: 'structured'; name: ActionName }
    | { kind: 'sql' | 'prometheus' }
    | { kind: 'ask' | 'approve' | 'call' }
    | { kind: 'later' };
  settings: Settings;
  attributes: readonly Attribute[];
}

export interface FormatContext {
  format: 'muster' | 'guide';
  findings: Findings;
}

/** The use of a fence, or null when it is only to be read. */
export function fenceUse(fence: Fence, context: FormatContext): FenceUse | null {
  const muster = context.format === 'muster';
  const { before, attributes, fault } = fenceAttributes(fence.info, fence.line, fence.column);
  const language = languageOf(before);
  const shell = shellCode(language, fence.code);
  const query = muster && attributes.length === 0 ? null : queryKind(language);
  // A fence without attributes may only show what such a step looks like.
  const structured = muster && attributes.length > 0 ? actionNameOf(language) : null;
  const does: FenceUse['does'] | null =
    shell !== null
      ? { kind: 'shell', ...shell }
      : structured !== null
        ? { kind: 'structured', name: structured }
        : query !== null
          ? { kind: query }
          : muster && (language === 'ask' || language === 'approve')
            ? { kind: language }
            : muster && language === 'runbook'
              ? { kind: 'call' }
              : muster && isLater(language, attributes)
                ? { kind: 'later' }
                : null;
  if (does === null) return null;
  if (fault !== null && muster) badBraces(fault.place, fault.message, context.findings);
  const settings = noSettings();
  readSettings(attributes, settings, { findings: context.findings, strict: muster });
  if (does.kind === 'later' || (muster && does.kind === query))
    reportLater(fence, language, context.findings);
  return { fence, language, does, settings, attributes };
}

export function badBraces(place: Place, message: string, findings: Findings): void {
  findings.error(
    'bad-attribute',
    place,
    `The attributes cannot be read: ${message}.`,
    'Write them as {id=load timeout=20m}, values with spaces in double quotes.',
  );
}

/** Code in other languages is only shown, unless somebody annotated it as a step. */
function isLater(language: string, attributes: readonly Attribute[]): boolean {
  if (LATER_KINDS.includes(language)) return attributes.length > 0;
  return language !== '' && attributes.some(({ key }) => key === 'id' || key === 'name');
}

function reportLater(fence: Fence, language: string, findings: Findings): void {
  const known = LATER_KINDS.includes(language) || queryKind(language) !== null;
  findings.warning(
    'kind-not-supported',
    { line: fence.line, column: fence.column },
    known
      ? `This version of Muster does not carry out "${language}" steps; a person does this one by hand.`
      : `Muster knows no steps of the kind "${language}"; a person does this one by hand.`,
    'Write it as a bash step if a machine should run it, or leave it as a step done by hand.',
  );
}
