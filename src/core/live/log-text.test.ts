import { describe, expect, it } from 'vitest';
import { createLogText } from './log-text.ts';

let secrets: readonly string[] = [];
function begin(...known: string[]) {
  const lines: string[] = [];
  secrets = known;
  const log = createLogText(
    () => secrets,
    (line) => lines.push(line),
  );
  return { lines, log };
}

describe('a log', () => {
  it('shows its last line also where its end may begin a secret', () => {
    const { lines, log } = begin('sesame-2024');
    log.add('restored all orders\n');
    expect([...lines, log.open()].join('\n')).toBe('restored all orders\n');
    log.add('done\n');
    expect(lines).toEqual(['restored all orders', 'done']);
    expect(log.open()).toBe('');
  });

  it('shows that there is more of a line where it may not be seen yet', () => {
    const { lines, log } = begin('sesame-2024');
    log.add('the word is ses\n');
    expect(log.open()).toBe('the word is …');
    log.add('ame-2024, they say\n');
    expect(lines).toEqual(['the word is •••, they say']);
  });

  it('hides what becomes a secret while it is read', () => {
    const { lines, log } = begin('sesame-2024');
    log.add('one ses\n');
    secrets = ['sesame-2024', 'swordfish'];
    log.add('swordfish\n');
    expect([...lines, log.open()]).toEqual(['one ses', '…']);
    log.add('swore\n');
    expect(lines).toEqual(['one ses', '•••', 'swore']);
  });

  it('gives out the rest where it ends', () => {
    const { lines, log } = begin('sesame-2024');
    log.add('one\nall ses');
    log.end();
    expect(lines).toEqual(['one', 'all ses']);
    expect(log.open()).toBe('');
  });

  it('draws nothing that a line says to a terminal', () => {
    const { lines, log } = begin();
    log.add('\u001b[31mred\u001b[0m\nopen \u001b[2J');
    expect(lines).toEqual(['red']);
    expect(log.open()).toBe('open ');
  });
});
