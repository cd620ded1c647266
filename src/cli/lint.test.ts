import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wholeExample } from '../core/lint/rule.ts';
import { ruleNamed } from '../core/lint/rules.ts';
import { MusterError } from '../core/problem.ts';
import { type LintCommandOptions, lint } from './lint.ts';

let folder: string;
let out: string;
let err: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-lint-'));
  out = '';
  err = '';
  vi.stubEnv('INIT_CWD', folder);
  vi.stubEnv('PATH', '');
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const bad = (rule: string): string => wholeExample(ruleNamed(rule)?.bad ?? '');
const good = (rule: string): string => wholeExample(ruleNamed(rule)?.good ?? '');
const run = (paths: string[], options: Partial<LintCommandOptions> = {}) =>
  lint(paths, { rule: [], ...options });

describe('muster lint', () => {
  it('says where, what and what to do, and counts', async () => {
    write('a.md', bad('missing-timeout'));
    expect(await run(['a.md'])).toBe(0);
    expect(out).toMatch(
      /^a\.md:\d+:1 warning missing-timeout Step "Look" may run for ever\.\n {2}Say/,
    );
    expect(out).toContain('0 errors and 1 warning in 1 file.');
  });

  it('ends with 1 for errors, and for warnings with --strict', async () => {
    write('a.md', bad('undefined-name'));
    write('b.md', bad('missing-timeout'));
    write('c.md', good('missing-timeout'));
    expect(await run(['a.md'])).toBe(1);
    expect(await run(['b.md'])).toBe(0);
    expect(await run(['b.md'], { strict: true })).toBe(1);
    expect(await run(['c.md'], { strict: true })).toBe(0);
  });

  it('looks into folders, and shows --json', async () => {
    mkdirSync(join(folder, 'shop', 'deep'), { recursive: true });
    write('shop/deep/a.md', bad('missing-timeout'));
    write('shop/b.markdown', bad('duplicate-title'));
    write('shop/c.txt', bad('duplicate-title'));
    expect(await run(['shop'], { json: true })).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      files: 2,
      errors: 0,
      warnings: 2,
      fixed: 0,
      shellcheck: false,
      findings: [
        { file: join('shop', 'b.markdown'), rule: 'duplicate-title', fixable: false },
        { file: join('shop', 'deep', 'a.md'), rule: 'missing-timeout', line: expect.any(Number) },
      ],
      problems: [],
    });
  });

  it('shows only the rules that are asked for', async () => {
    write('a.md', bad('missing-timeout'));
    expect(await run(['a.md'], { rule: ['duplicate-id'], strict: true })).toBe(0);
    expect(await run(['a.md'], { rule: ['missing-timeout'], strict: true })).toBe(1);
    await expect(run(['a.md'], { rule: ['no-such-rule'] })).rejects.toThrow(MusterError);
  });

  it('refuses paths that are not there, and two answers at once', async () => {
    await expect(run(['nowhere.md'])).rejects.toThrow(MusterError);
    write('a.md', good('missing-timeout'));
    await expect(run(['a.md'], { json: true, sarif: true })).rejects.toThrow(MusterError);
  });

  it('looks at the rest when one file cannot be read', async () => {
    write('a.md', 'x\0y');
    write('b.md', bad('undefined-name'));
    expect(await run(['.'])).toBe(2);
    expect(out).toContain('b.md:');
    expect(err).toContain('a.md');
  });

  it('fixes what is safe and nothing else', async () => {
    const source = `\uFEFF${bad('id-from-title').replaceAll('\n', '\r\n')}  \r\n\ttab `;
    const path = write('a.md', source);
    expect(await run(['a.md'], { fix: true, strict: true })).toBe(0);
    expect(out).toContain('1 finding fixed.');
    const fixed = readFileSync(path, 'utf8');
    expect(fixed).toBe(source.replace('{timeout=1m}', '{id=start-the-writers timeout=1m}'));
    expect(await run(['a.md'], { fix: true })).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(fixed);
  });

  it('never fixes a file that is not UTF-8', async () => {
    const path = join(folder, 'latin.md');
    const bytes = Buffer.from(`${bad('id-from-title')}\n\xE9\n`, 'latin1');
    writeFileSync(path, bytes);
    expect(await run(['latin.md'], { fix: true })).toBe(1);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });
});

describe('muster lint --sarif', () => {
  it('is SARIF as code review services require it', async () => {
    write('with space.md', bad('undefined-name'));
    expect(await run(['.'], { sarif: true })).toBe(1);
    const log = JSON.parse(out);
    expect(log.version).toBe('2.1.0');
    expect(log.$schema).toMatch(/^https:/);
    const [only] = log.runs;
    const { driver } = only.tool;
    expect(driver.name).toBe('Muster');
    expect(driver.semanticVersion).toMatch(/^\d+\.\d+\.\d+/);
    const ids = driver.rules.map((rule: { id: string }) => rule.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const rule of driver.rules) {
      expect(rule.shortDescription.text).not.toBe('');
      expect(rule.fullDescription.text.length).toBeLessThanOrEqual(1024);
      expect(rule.help.text).not.toBe('');
      expect(['error', 'warning']).toContain(rule.defaultConfiguration.level);
    }
    for (const result of only.results) {
      expect(ids[result.ruleIndex]).toBe(result.ruleId);
      expect(['error', 'warning', 'note', 'none']).toContain(result.level);
      expect(result.message.text).not.toBe('');
      const { artifactLocation, region } = result.locations[0].physicalLocation;
      expect(artifactLocation).toEqual({ uri: 'with%20space.md', uriBaseId: '%SRCROOT%' });
      expect(region.startLine).toBeGreaterThanOrEqual(1);
      expect(region.startColumn).toBeGreaterThanOrEqual(1);
    }
    expect(only.results).toHaveLength(1);
  });
});
