import type { Step } from '../runbook/model.ts';
import type { Fix } from './rule.ts';
import type { Subject } from './subject.ts';

/** The edit that writes a step's id where the reader finds it, or null where that is not plain. */
export function idFix(subject: Subject, step: Step): Fix | null {
  const attribute = `id=${step.id}`;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(step.id)) return null;
  if (step.action !== null) {
    const line = subject.line(step.action.line);
    if (!/^\s*(?:(?:[-*+>]|\d{1,9}[.)])\s+)*(?:`{3,}|~{3,})/.test(line)) return null;
    const brace = line.indexOf('{');
    if (brace < 0)
      return insert(subject, step.action.line, line.trimEnd().length, ` {${attribute}}`);
    // Runme's JSON spelling has quotes of its own; a person writes that.
    if (/^\{\s*"/.test(line.slice(brace))) return null;
    const rest = line.slice(brace + 1).trimStart();
    return insert(
      subject,
      step.action.line,
      brace + 1,
      rest.startsWith('}') ? attribute : `${attribute} `,
    );
  }
  const line = subject.line(step.line).trimEnd();
  // A heading with closing signs or braces has its end elsewhere.
  if (!/^ {0,3}#{2,6}[ \t].*[^#}\s]$/.test(line)) return null;
  return insert(subject, step.line, line.length, ` {${attribute}}`);
}

function insert(subject: Subject, line: number, column: number, text: string): Fix {
  const at = subject.offset({ line, column: column + 1 });
  return { start: at, end: at, text };
}
