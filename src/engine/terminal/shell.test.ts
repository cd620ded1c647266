import { describe, expect, it } from 'vitest';
import { operatorShell } from './shell.ts';

describe('the shell of a terminal', () => {
  it('is the one the operator chose', () => {
    expect(operatorShell({ SHELL: '/bin/zsh' }, 'linux', () => true).file).toBe('/bin/zsh');
  });
  it('falls back when the choice does not run or is not a path', () => {
    expect(operatorShell({ SHELL: '/gone' }, 'linux', () => false).file).toBe('/bin/sh');
    expect(operatorShell({ SHELL: 'zsh' }, 'linux', () => true).file).toBe('/bin/sh');
    expect(operatorShell({}, 'linux').file).toBe('/bin/sh');
  });
  it('is PowerShell on Windows', () => {
    expect(operatorShell({ SHELL: '/bin/zsh' }, 'win32').file).toBe('powershell.exe');
  });
});
