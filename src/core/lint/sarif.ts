import type { LintFinding, RuleDescription } from './rule.ts';

/** The findings of one file, under the name by which a code review knows it. */
export interface LintedText {
  /** Relative to the root of the sources, with `/`; or an absolute path. */
  name: string;
  findings: readonly LintFinding[];
}

interface Descriptor {
  id: string;
  shortDescription: { text: string };
  fullDescription: { text: string };
  help: { text: string; markdown: string };
  helpUri?: string;
  defaultConfiguration: { level: 'error' | 'warning' };
}

/** A log in SARIF 2.1.0, as code review services read it. */
export function toSarif(
  texts: readonly LintedText[],
  rules: readonly RuleDescription[],
  version: string,
): object {
  const descriptors = rules.map(describe);
  const index = new Map(descriptors.map(({ id }, i) => [id, i]));
  const results = texts.flatMap(({ name, findings }) =>
    findings.map((finding) => {
      let ruleIndex = index.get(finding.rule);
      if (ruleIndex === undefined) {
        ruleIndex = descriptors.push(describeForeign(finding)) - 1;
        index.set(finding.rule, ruleIndex);
      }
      return {
        ruleId: finding.rule,
        ruleIndex,
        level: finding.severity,
        message: { text: `${finding.message} ${finding.remedy}` },
        locations: [
          {
            physicalLocation: {
              artifactLocation: locate(name),
              region: { startLine: finding.line, startColumn: finding.column },
            },
          },
        ],
      };
    }),
  );
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Muster', semanticVersion: version, rules: descriptors } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
}

function describe({ name, severity, summary, why, bad, good }: RuleDescription): Descriptor {
  return {
    id: name,
    shortDescription: { text: summary },
    fullDescription: { text: `${summary} ${why}` },
    help: {
      text: why,
      markdown: `${why}\n\nNot this:\n\n~~~~markdown\n${bad}~~~~\n\nBut this:\n\n~~~~markdown\n${good}~~~~\n`,
    },
    defaultConfiguration: { level: severity },
  };
}

/** A rule of another program, such as `shellcheck/SC2086`. */
function describeForeign({ rule, severity, message }: LintFinding): Descriptor {
  const code = /^shellcheck\/(SC\d+)$/.exec(rule)?.[1];
  return {
    id: rule,
    shortDescription: { text: message },
    fullDescription: { text: message },
    help: { text: message, markdown: message },
    ...(code !== undefined && { helpUri: `https://www.shellcheck.net/wiki/${code}` }),
    defaultConfiguration: { level: severity },
  };
}

function locate(name: string): { uri: string; uriBaseId?: string } {
  const path = name.replaceAll('\\', '/');
  const uri = path
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replace(/^([A-Za-z])%3A/, '$1:');
  if (/^[A-Za-z]:/.test(path)) return { uri: `file:///${uri}` };
  return path.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' };
}
