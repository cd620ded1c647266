import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A section of an AWS configuration file, as it stands there. */
export interface Section {
  /** `config` and `credentials` name profiles differently. */
  file: 'config' | 'credentials';
  kind: 'profile' | 'sso-session' | 'services';
  name: string;
  /** Its lines, head included. */
  text: string;
  settings: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The AWS configuration of the operator: `AWS_CONFIG_FILE` and the like, else `~/.aws`. */
export function readAwsSections(env: Environment, home: string): Section[] {
  const folder = join(home, '.aws');
  return [
    ...sectionsIn('config', env.AWS_CONFIG_FILE ?? join(folder, 'config')),
    ...sectionsIn('credentials', env.AWS_SHARED_CREDENTIALS_FILE ?? join(folder, 'credentials')),
  ];
}

/** The names of all profiles, sorted. Names only. */
export function awsProfiles(sections: readonly Section[]): string[] {
  const names = sections.filter(({ kind }) => kind === 'profile').map(({ name }) => name);
  return [...new Set(names)].sort();
}

export function hasProfile(sections: readonly Section[], profile: string): boolean {
  return sections.some(({ kind, name }) => kind === 'profile' && name === profile);
}

/** What a program needs of the configuration to act as some profiles, and nothing of the others. */
export interface ProfileFiles {
  config: string;
  credentials: string;
  /** Keys and tokens that stand in the two texts. */
  secrets: string[];
  /** Whether the keys come from the machine that the program runs on. */
  usesMachine: boolean;
}

/**
 * The profiles with those they take their credentials from, and the SSO sessions and services they
 * refer to. Null when no file has any of them.
 */
export function profileFiles(
  sections: readonly Section[],
  profiles: readonly string[],
): ProfileFiles | null {
  const wanted = new Set<Section>();
  const want = (kind: Section['kind'], name: string | undefined): void => {
    for (const section of sections) {
      if (section.kind !== kind || section.name !== name || wanted.has(section)) continue;
      wanted.add(section);
      want('profile', section.settings.source_profile);
      want('sso-session', section.settings.sso_session);
      want('services', section.settings.services);
    }
  };
  for (const profile of profiles) want('profile', profile);
  if (wanted.size === 0) return null;
  const kept = sections.filter((section) => wanted.has(section));
  const textOf = (file: Section['file']): string =>
    kept
      .filter((section) => section.file === file)
      .map(({ text }) => text)
      .join('\n');
  return {
    config: textOf('config'),
    credentials: textOf('credentials'),
    secrets: kept.flatMap(({ settings }) =>
      SECRET_SETTINGS.flatMap((name) => settings[name] ?? []),
    ),
    usesMachine: kept.some(({ settings }) => settings.credential_source !== undefined),
  };
}

const SECRET_SETTINGS = ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token'];

function sectionsIn(file: Section['file'], path: string): Section[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // No file means no profiles, as for the AWS CLI.
    return [];
  }
  const sections: Section[] = [];
  let lines: string[] = [];
  let head: Pick<Section, 'kind' | 'name'> | null = null;
  const close = (): void => {
    if (head)
      sections.push({ file, ...head, text: `${lines.join('\n')}\n`, settings: settingsIn(lines) });
  };
  for (const line of text.split(/\r?\n/)) {
    const title = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    if (title === undefined) {
      lines.push(line);
      continue;
    }
    close();
    lines = [line];
    head = headOf(file, title.trim());
  }
  close();
  return sections;
}

function headOf(file: Section['file'], title: string): Pick<Section, 'kind' | 'name'> | null {
  if (file === 'credentials' || title === 'default') return { kind: 'profile', name: title };
  const [, kind, quoted = ''] = /^(profile|sso-session|services)\s+(.+)$/.exec(title) ?? [];
  const name = quoted.replace(/^(["'])(.*)\1$/, '$2');
  return kind === 'profile' || kind === 'sso-session' || kind === 'services'
    ? { kind, name }
    : null;
}

/** Settings of the first level; what is indented belongs to the one before. */
function settingsIn(lines: readonly string[]): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = /^([A-Za-z_][\w-]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined && value !== '')
      settings[name.toLowerCase()] = value;
  }
  return settings;
}
