import { actionKinds } from '../actions/registry.ts';
import { parseDuration } from '../units.ts';
import type { Attribute } from './attributes.ts';
import { parseCapture, VARIABLE_NAME } from './capture.ts';
import { parseExpression } from './expression.ts';
import type { Findings, Place } from './findings.ts';
import type { Capture, Each, Risk, Undo } from './model.ts';

/** What attributes say about a step. Everything absent keeps its default. */
export interface Settings {
  id: string | null;
  risk: Risk | null;
  timeoutMs: number | null;
  retries: number;
  backoffMs: number;
  undo: Undo | null;
  undoOnly: boolean;
  needs: string[];
  /** The expression of `until=`, empty for "until it succeeds"; null for no polling. */
  until: string | null;
  intervalMs: number | null;
  deadlineMs: number | null;
  each: Omit<Each, 'limit'> | null;
  limit: number | null;
  /** Of a phase. */
  parallel: number | null;
  rehearse: string | null;
  continueOnError: boolean;
  condition: string | null;
  captures: Capture[];
  proves: string[];
  recoveryPoint: string | null;
  declares: boolean;
  interactive: boolean;
  /** What the fence itself says: a person has reviewed the action, or nobody has; null: nothing. */
  reviewed: boolean | null;
  /** Names of what `muster adopt` guessed and nobody has confirmed yet. */
  guess: string[];
  /** Where each attribute stands, for the checks across steps. */
  places: Map<string, Place>;
}

export function noSettings(): Settings {
  return {
    id: null,
    risk: null,
    timeoutMs: null,
    retries: 0,
    backoffMs: 0,
    undo: null,
    undoOnly: false,
    needs: [],
    until: null,
    intervalMs: null,
    deadlineMs: null,
    each: null,
    limit: null,
    parallel: null,
    rehearse: null,
    continueOnError: false,
    condition: null,
    captures: [],
    proves: [],
    recoveryPoint: null,
    declares: false,
    interactive: false,
    reviewed: null,
    guess: [],
    places: new Map(),
  };
}

/** Where findings go, and how strict to be: a plain guide's braces may mean something else. */
export interface SettingsContext {
  findings: Findings;
  strict: boolean;
}

const MOST_RETRIES = 100;
/** So many at the same time; more would only wait for each other on one machine. */
const MOST_AT_ONCE = 200;
/** The attributes that take parts of a kind's text body; see `ActionKind.body`. */
const OF_KINDS: ReadonlySet<string> = new Set(
  actionKinds.flatMap(({ body }) => (body === 'yaml' ? [] : body.attributes)),
);
/** Letters of every script, as in ids that are made from titles. */
const ID = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u;

type Check = (value: string, settings: Settings) => string | null;

/** One entry a key: stores a good value, or says what to write instead. */
const KEYS: Record<string, Check> = {
  id: (value, settings) => {
    if (!ID.test(value)) return 'Use letters, digits, "-", "_" and "." for an id.';
    settings.id = value;
    return null;
  },
  risk: (value, settings) => {
    if (value !== 'safe' && value !== 'disruptive' && value !== 'destructive') {
      return 'Write risk=safe, risk=disruptive or risk=destructive.';
    }
    settings.risk = value;
    return null;
  },
  timeout: (value, settings) => {
    const ms = parseDuration(value);
    if (ms === null || ms <= 0) return 'Write a duration with its unit, such as timeout=20m.';
    settings.timeoutMs = ms;
    return null;
  },
  retries: (value, settings) => {
    if (!/^\d{1,3}$/.test(value) || Number(value) > MOST_RETRIES) {
      return `Write a whole number from 0 to ${MOST_RETRIES}, such as retries=2.`;
    }
    settings.retries = Number(value);
    return null;
  },
  backoff: (value, settings) => {
    const ms = parseDuration(value);
    if (ms === null) return 'Write a duration with its unit, such as backoff=10s.';
    settings.backoffMs = ms;
    return null;
  },
  undo: (value, settings) => {
    if (value.trim() === '') return 'Write the id of the step that reverses this one, or commands.';
    settings.undo =
      value === 'auto'
        ? { how: 'auto' }
        : ID.test(value)
          ? { how: 'step', step: value }
          : { how: 'commands', code: value };
    return null;
  },
  'undo-only': flag((settings, on) => {
    settings.undoOnly = on;
  }),
  needs: (value, settings) => {
    const ids = value.split(',').map((id) => id.trim());
    if (!ids.every((id) => ID.test(id))) return 'Write the ids of steps, such as needs=stop,dump.';
    for (const id of ids) if (!settings.needs.includes(id)) settings.needs.push(id);
    return null;
  },
  until: (value, settings) => {
    settings.until = value === 'true' ? '' : value;
    return value.trim() === ''
      ? 'Write until alone, or a condition such as until="LAG < 10".'
      : null;
  },
  interval: duration((settings, ms) => {
    settings.intervalMs = ms;
  }),
  deadline: duration((settings, ms) => {
    settings.deadlineMs = ms;
  }),
  each: (value, settings) => {
    settings.each = readEach(value);
    return settings.each === null
      ? 'Write each="REGION in REGIONS" or each="REGION in [us, eu]".'
      : null;
  },
  limit: (value, settings) => {
    settings.limit = atOnce(value);
    return settings.limit === null
      ? `Write a number from 1 to ${MOST_AT_ONCE}, such as limit=4.`
      : null;
  },
  parallel: (value, settings) => {
    settings.parallel = value === 'true' ? MOST_AT_ONCE : atOnce(value);
    return settings.parallel === null
      ? `Write parallel alone, or how many at once, such as parallel=4 (at most ${MOST_AT_ONCE}).`
      : null;
  },
  rehearse: (value, settings) => {
    settings.rehearse = value;
    return value.trim() === '' ? 'Write the commands that a rehearsal runs instead.' : null;
  },
  if: (value, settings) => {
    settings.condition = value;
    return value.trim() === '' ? 'Write a condition, such as if="backup == \'latest\'".' : null;
  },
  capture: (value, settings) => {
    const result = parseCapture(value);
    if (!result.ok) return `${capitalised(result.message)}.`;
    if (settings.captures.some((capture) => capture.name === result.capture.name)) {
      return `Give each captured value a name of its own; ${result.capture.name} is used twice.`;
    }
    settings.captures.push(result.capture);
    return null;
  },
  proves: (value, settings) => {
    const components = value.split(',').map((name) => name.trim());
    if (components.some((name) => name === '')) return 'Write the component, as in the objectives.';
    for (const name of components) if (!settings.proves.includes(name)) settings.proves.push(name);
    return null;
  },
  'recovery-point': (value, settings) => {
    if (value.trim() === '') return 'Write the name of the capture that holds the time.';
    settings.recoveryPoint = value.trim();
    return null;
  },
  'continue-on-error': flag((settings, on) => {
    settings.continueOnError = on;
  }),
  declares: flag((settings, on) => {
    settings.declares = on;
  }),
  interactive: flag((settings, on) => {
    settings.interactive = on;
  }),
  reviewed: flag((settings, on) => {
    settings.reviewed = on;
  }),
  guess: (value, settings) => {
    settings.guess = value.split(/[\s,]+/).filter((name) => name !== '');
    return settings.guess.length > 0 ? null : 'Name what is guessed, or take the attribute out.';
  },
};

/** All attributes that a step can have. */
export const attributeKeys: readonly string[] = Object.keys(KEYS);

const REPEATABLE = ['capture', 'proves'];
const FLAGS = [
  'continue-on-error',
  'declares',
  'interactive',
  'reviewed',
  'undo-only',
  'until',
  'parallel',
];

function duration(set: (settings: Settings, ms: number) => void): Check {
  return (value, settings) => {
    const ms = parseDuration(value);
    if (ms === null || ms <= 0) return 'Write a duration with its unit, such as 10s.';
    set(settings, ms);
    return null;
  };
}

function atOnce(value: string): number | null {
  const number = Number(value);
  return /^\d{1,3}$/.test(value) && number >= 1 && number <= MOST_AT_ONCE ? number : null;
}

/** `NAME in VALUE` or `NAME in [item, item]`. */
function readEach(text: string): Omit<Each, 'limit'> | null {
  const [, name = '', of = ''] = /^\s*(\S+)\s+in\s+(.+?)\s*$/s.exec(text) ?? [];
  if (!VARIABLE_NAME.test(name)) return null;
  if (VARIABLE_NAME.test(of)) return { name, of: { from: 'value', value: of } };
  if (!of.startsWith('[') || !of.endsWith(']')) return null;
  const items = of
    .slice(1, -1)
    .split(',')
    .map((item) => item.trim());
  return items.every((item) => item !== '') ? { name, of: { from: 'items', items } } : null;
}

function flag(set: (settings: Settings, on: boolean) => void): Check {
  return (value, settings) => {
    if (value !== 'true' && value !== 'false') return 'Write the name alone, or =true or =false.';
    set(settings, value === 'true');
    return null;
  };
}

/** Adds what `attributes` say to `settings`, with a finding for each that cannot be used. */
export function readSettings(
  attributes: readonly Attribute[],
  settings: Settings,
  context: SettingsContext,
): void {
  const seen = new Set<string>();
  const hasId = attributes.some((attribute) => attribute.key === 'id');
  for (const attribute of attributes) {
    // Runme calls the id a name; a name that cannot be an id is only its title there.
    const isName = attribute.key === 'name' && !hasId;
    const key = isName ? 'id' : attribute.key;
    const check = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (check === undefined) {
      if (context.strict && attribute.key !== 'name' && !OF_KINDS.has(key)) {
        unknown(attribute, context.findings);
      }
      continue;
    }
    if (seen.has(key) && !REPEATABLE.includes(key)) {
      badAttribute(attribute, 'It is given twice.', 'Keep one of them.', context);
      continue;
    }
    seen.add(key);
    if (attribute.value === null && !FLAGS.includes(key)) {
      badAttribute(attribute, 'It needs a value.', `Write ${attribute.key}=….`, context);
      continue;
    }
    const remedy = check(attribute.value ?? 'true', settings);
    if (remedy === null) settings.places.set(key, attribute.place);
    else badAttribute(attribute, `"${attribute.value ?? ''}" is not possible.`, remedy, context);
  }
  checkExpression('if', settings.condition, settings, context.findings);
  checkExpression(
    'until',
    settings.until === '' ? null : settings.until,
    settings,
    context.findings,
  );
  reportGuess(settings, context.findings);
}

function reportGuess(settings: Settings, findings: Findings): void {
  const place = settings.places.get('guess');
  if (place === undefined) return;
  findings.warning(
    'guessed',
    place,
    `Nobody has confirmed what was guessed here: ${settings.guess.join(', ')}.`,
    'Correct what is wrong, then take guess= out; until then the action is unreviewed.',
  );
}

function unknown(attribute: Attribute, findings: Findings): void {
  findings.warning(
    'unknown-attribute',
    attribute.place,
    `Muster does not know the attribute "${attribute.key}".`,
    `Correct its spelling or take it out. Known are ${Object.keys(KEYS).join(', ')}.`,
  );
}

function badAttribute(
  attribute: Attribute,
  what: string,
  remedy: string,
  context: SettingsContext,
): void {
  const message = `The attribute "${attribute.key}" cannot be used. ${what}`;
  if (context.strict) {
    context.findings.error('bad-attribute', attribute.place, message, remedy);
  } else {
    context.findings.warning('bad-attribute', attribute.place, message, remedy);
  }
}

function checkExpression(
  key: 'if' | 'until',
  text: string | null,
  settings: Settings,
  findings: Findings,
): void {
  const place = settings.places.get(key);
  if (text === null || place === undefined) return;
  const result = parseExpression(text);
  if (result.ok) return;
  findings.error(
    'bad-expression',
    place,
    `The condition "${text}" cannot be read: ${result.message} (character ${result.column} of it).`,
    `Compare inputs, captures and answers, for example ${key}="ROWS > 0 and backup == 'latest'".`,
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
