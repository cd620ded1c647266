import { readAction } from '../actions/read.ts';
import { actionKindOf } from '../actions/registry.ts';
import { readAsk } from './ask.ts';
import { Findings } from './findings.ts';
import { readFrontMatter } from './front-matter.ts';
import { guessRisk } from './guess-risk.ts';
import { splitLines } from './lines.ts';
import { lint } from './lint.ts';
import { readApprove, readCall } from './mapping-body.ts';
import type { Action, InputSpec, Phase, Runbook, Step } from './model.ts';
import { objectivesFromTables } from './objectives-table.ts';
import { outline, type PhaseDraft, type StepDraft } from './outline.ts';
import { Cuts, introProse, stepParts } from './parts.ts';
import { proposeInputs } from './placeholders.ts';
import { scan } from './scan.ts';
import { noSettings, readSettings, type Settings } from './settings.ts';
import { Ids, slug } from './slug.ts';
import { headingTitle } from './titles.ts';

/** A step with what only the checks across steps need. */
export interface ReadStep {
  step: Step;
  settings: Settings;
}

/**
 * The runbook that a Markdown text is. Total: any text gives a runbook, in time linear in its
 * length, and what is wrong with it is among the findings. Every line belongs to the intro or to
 * one phase, and there to its heading and intro or to one step.
 */
export function parse(text: string): Runbook {
  const lines = splitLines(text);
  const findings = new Findings();
  const header = readFrontMatter(lines, findings);
  const muster = header.format === 'muster';
  const context = { format: header.format, findings, lines };
  const { blocks, tooDeep, fullAt } = scan(lines, { from: header.lines, nestedFences: !muster });
  const firstHeading = blocks.find((block) => block.type === 'heading');
  const fallback =
    header.title ??
    (firstHeading === undefined
      ? 'Untitled'
      : headingTitle(firstHeading, { ...context, findings: new Findings() }).title);
  const drafts = outline(blocks, context, fallback);
  const cuts = new Cuts(drafts.cuts);
  const firstPhase = drafts.phases[0];
  const introEnd = firstPhase === undefined ? lines.length : firstPhase.start - 1;
  const introRange = introEnd > 0 ? { start: 1, end: introEnd } : null;
  const intro =
    introRange === null
      ? ''
      : introProse({ start: header.lines + 1, end: introEnd }, cuts.until(introEnd), lines);
  const reader = new StepReader(drafts.phases, muster, findings);
  const phases = drafts.phases.map((phase, i): Phase => {
    const end = (drafts.phases[i + 1]?.start ?? lines.length + 1) - 1;
    const firstStep = phase.steps[0]?.start ?? end + 1;
    const settings = reader.phaseSettings(phase);
    const before = cuts.until(firstStep - 1);
    return {
      title: phase.title,
      line: phase.line,
      range: { start: phase.start, end },
      intro: introProse({ start: phase.start, end: firstStep - 1 }, before, lines),
      condition: settings.condition,
      parallel: settings.parallel ?? 1,
      steps: phase.steps.map((draft, k): Step => {
        const range = { start: draft.start, end: (phase.steps[k + 1]?.start ?? end + 1) - 1 };
        return {
          ...reader.read(draft, settings.undoOnly),
          range,
          ...stepParts(draft, range, cuts.until(range.end), lines),
        };
      }),
    };
  });
  const runbook: Runbook = {
    title: drafts.title ?? fallback,
    format: header.format,
    kind: header.kind,
    system: header.system,
    owner: header.owner,
    reviewDays: header.reviewDays,
    objectives: muster ? header.objectives : objectivesFromTables(blocks, findings),
    inputs: muster ? header.inputs : [...reader.proposed.values()],
    timeoutMs: header.timeoutMs,
    requires: header.requires,
    intro,
    introRange,
    phases,
    called: {},
    findings: [],
    lines: lines.length,
  };
  lint({
    runbook,
    blocks,
    tooDeep,
    fullAt: drafts.fullAt ?? fullAt,
    read: reader.settings,
    findings,
  });
  runbook.findings = findings.list(lines.length);
  return runbook;
}

/** Pause between two tries of `until=` where the runbook gives none, in ms. */
const INTERVAL_MS = 5_000;
/** How long `until=` goes on where the runbook does not say, in ms. */
const DEADLINE_MS = 300_000;

function untilOf(settings: Settings): Step['until'] {
  if (settings.until === null) return null;
  return {
    condition: settings.until === '' ? null : settings.until,
    intervalMs: settings.intervalMs ?? INTERVAL_MS,
    deadlineMs: settings.deadlineMs ?? DEADLINE_MS,
  };
}

/** Turns drafts into steps, first to last, giving each its id. */
class StepReader {
  readonly proposed = new Map<string, InputSpec>();
  /** Settings by step id and by `phase N`, for the checks across steps. */
  readonly settings: { id: string | null; settings: Settings }[] = [];
  readonly #muster: boolean;
  readonly #findings: Findings;
  readonly #ids = new Ids();
  /** What the body of the step's own action says of it. */
  #recoveryPoint: string | null = null;
  readonly #byDraft = new Map<StepDraft, { settings: Settings; id: string | null }>();

  constructor(phases: readonly PhaseDraft[], muster: boolean, findings: Findings) {
    this.#muster = muster;
    this.#findings = findings;
    // Ids that the author gave come first, so that no made-up id takes one of them.
    for (const phase of phases) {
      for (const draft of phase.steps) this.#claim(draft);
    }
  }

  #claim(draft: StepDraft): void {
    const settings = draft.use?.settings ?? noSettings();
    if (draft.attributes.length > 0) this.#merge(draft, settings);
    let id = settings.id;
    if (id !== null && !this.#ids.claim(id)) {
      const place = settings.places.get('id') ?? { line: draft.line, column: 1 };
      const message = `Two steps have the id "${id}".`;
      const remedy = 'Give each step an id of its own.';
      if (this.#muster) this.#findings.error('duplicate-id', place, message, remedy);
      else this.#findings.warning('duplicate-id', place, message, remedy);
      id = null;
    }
    this.#byDraft.set(draft, { settings, id });
  }

  /** The heading's attributes hold where the fence has none. */
  #merge(draft: StepDraft, settings: Settings): void {
    const context = { findings: this.#findings, strict: this.#muster };
    const ofFence = settings.places;
    const twice = draft.attributes.filter(({ key }) => ofFence.has(key === 'name' ? 'id' : key));
    for (const attribute of twice) {
      this.#findings.warning(
        'bad-attribute',
        attribute.place,
        `The attribute "${attribute.key}" stands at the heading and at the fence; the fence's holds.`,
        'Keep one of them.',
      );
    }
    const own = draft.attributes.filter((attribute) => !twice.includes(attribute));
    readSettings(own, settings, context);
  }

  phaseSettings(phase: PhaseDraft): Settings {
    const settings = noSettings();
    if (phase.attributes.length > 0) {
      readSettings(phase.attributes, settings, { findings: this.#findings, strict: this.#muster });
      this.settings.push({ id: null, settings });
    }
    return settings;
  }

  read(draft: StepDraft, undoOnly: boolean): Omit<Step, 'range' | 'parts' | 'tasks'> {
    const { settings, id: given } = this.#byDraft.get(draft) ?? {
      settings: noSettings(),
      id: null,
    };
    const id = given ?? this.#ids.unique(slug(settings.id ?? draft.title));
    this.settings.push({ id, settings });
    this.#recoveryPoint = null;
    const action = this.#action(draft);
    return {
      id,
      title: draft.title,
      path: draft.path,
      line: draft.line,
      action,
      risk: settings.risk ?? this.#risk(action),
      timeoutMs: settings.timeoutMs,
      retries: settings.retries,
      backoffMs: settings.backoffMs,
      continueOnError: settings.continueOnError,
      undo: settings.undo,
      undoOnly: undoOnly || settings.undoOnly,
      needs: settings.needs,
      until: untilOf(settings),
      each: settings.each === null ? null : { ...settings.each, limit: settings.limit ?? 1 },
      rehearse: settings.rehearse,
      condition: settings.condition,
      proves: settings.proves,
      recoveryPoint: settings.recoveryPoint ?? this.#recoveryPoint,
      declares: settings.declares,
    };
  }

  #risk(action: Action | null): Step['risk'] {
    if (action?.kind === 'structured') return actionKindOf(action.language).risk(action.spec);
    if (this.#muster || (action?.kind !== 'shell' && action?.kind !== 'sql')) return 'safe';
    return guessRisk(action.code);
  }

  #action(draft: StepDraft): Action | null {
    const use = draft.use;
    if (use === null || use.does.kind === 'later') return null;
    const { fence, settings } = use;
    // A guess, or commands told from output by Muster itself, are nobody's word that they may run.
    const own =
      this.#muster && settings.guess.length === 0 && (use.does.kind !== 'shell' || use.does.plain);
    const place = {
      line: fence.line,
      range: { start: fence.line, end: fence.end },
      reviewed: settings.reviewed ?? own,
    };
    if (use.does.kind === 'ask') {
      const body = readAsk(fence, draft.title, this.#findings);
      return { kind: 'ask', language: 'ask', ...body, ...place };
    }
    const source = fence.code.join('\n');
    if (use.does.kind === 'approve') {
      const body = readApprove(fence, draft.title, this.#findings);
      return { kind: 'approve', language: 'approve', code: source, ...body, ...place };
    }
    if (use.does.kind === 'call') {
      const body = readCall(fence, this.#findings);
      return { kind: 'call', language: 'runbook', code: source, ...body, ...place };
    }
    if (use.does.kind === 'structured') {
      const language = use.does.name;
      const body = readAction(fence, language, use.attributes, this.#findings);
      this.#recoveryPoint = body.recoveryPoint;
      const captures = [...settings.captures, ...body.captures];
      const { spec, role } = body;
      return { kind: 'structured', language, code: source, spec, role, captures, ...place };
    }
    if (use.does.kind !== 'shell') {
      return { kind: use.does.kind, language: use.language, code: source, ...place };
    }
    const { language, code, expected } = use.does;
    if (!this.#muster) proposeInputs(source, fence.line + 1, this.proposed);
    const { captures, interactive } = settings;
    const named = captures.find(({ from }) => from.how === 'result');
    if (named?.from.how === 'result') {
      this.#findings.error(
        'bad-attribute',
        settings.places.get('capture') ?? { line: fence.line, column: fence.column },
        `Commands have no result "${named.from.result}"; it is neither /pattern/ nor a JSON pointer such as #/key.`,
        'Write capture=NAME for the last line, or a pattern: capture="NAME=/rows: (\\d+)/".',
      );
    }
    return { kind: 'shell', language, code, expected, captures, interactive, ...place };
  }
}
