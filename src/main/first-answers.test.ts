import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AnswerMemory, recallAnswers } from './first-answers.ts';
import { tellWhatDiffers } from './what-differs.ts';

let folder: string;
const file = () => join(folder, 'first-answers.json');
const ok = (value: unknown) => ({ ok: true, value }) as const;
const problem = { code: 'x', what: 'No.', safe: 'Yes.', next: 'Wait.' };
const settings = { theme: 'dark', showOutline: true, showSide: true };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-answers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

describe('what the first screen was last told', () => {
  it('is there for the next window of the same build', () => {
    const memory = new AnswerMemory(folder, 'b1');
    memory.heard('library.list', ok([1]));
    memory.heard('settings.set', ok(settings));
    memory.heard('run.list', ok([2]));
    memory.heard('library.list', { ok: false, problem });
    memory.write();
    expect(recallAnswers(folder, 'b1')).toEqual({ 'library.list': [1], 'settings.get': settings });
    expect(recallAnswers(folder, 'b2')).toEqual({});
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('is nothing when nonsense is there, or nothing', () => {
    expect(recallAnswers(folder, 'b1')).toEqual({});
    for (const text of ['', '{', 'null', '[]', '"b1"']) {
      writeFileSync(file(), text);
      expect(recallAnswers(folder, 'b1')).toEqual({});
    }
  });

  it('is not remembered of a library so large that reading it would take as long', () => {
    const memory = new AnswerMemory(folder, 'b1');
    memory.heard('library.list', ok(['small']));
    memory.write();
    expect(readFileSync(file(), 'utf8')).toContain('small');
    memory.heard('library.list', ok(['x'.repeat(500_001)]));
    memory.write();
    expect(recallAnswers(folder, 'b1')).toEqual({});
  });
});

describe('a backend that knows better than the memory', () => {
  const tell = async (told: object, now: Record<string, unknown>) => {
    const push = vi.fn(() => true);
    await tellWhatDiffers(told, async (name) => ok(now[name]), push);
    return push.mock.calls;
  };

  it('says nothing where all is as it was told', async () => {
    const told = { 'library.list': [{ a: 1 }], 'settings.get': settings };
    expect(await tell(told, structuredClone(told))).toEqual([]);
    expect(await tell({}, told)).toEqual([]);
  });

  it('says what is otherwise', async () => {
    const told = { 'library.list': [1], 'settings.get': settings };
    const now = { 'library.list': [2], 'settings.get': { ...settings, theme: 'light' } };
    expect(await tell(told, now)).toEqual([
      ['settings.changed', { ...settings, theme: 'light' }],
      ['library.changed', undefined],
    ]);
  });
});
