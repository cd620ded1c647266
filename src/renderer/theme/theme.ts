import type { Settings } from '../../shared/ipc.ts';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
const contrast = window.matchMedia('(prefers-contrast: more)');
let wish: Settings['theme'] = 'system';

function apply(): void {
  const system = contrast.matches ? 'contrast' : dark.matches ? 'dark' : 'light';
  document.documentElement.dataset.theme = wish === 'system' ? system : wish;
  document.dispatchEvent(new Event('themechange'));
}

/** Follows the system from now on. */
export function followTheme(): void {
  dark.addEventListener('change', apply);
  contrast.addEventListener('change', apply);
  apply();
}

/** The operator's choice; `system` gives the decision back. */
export function setTheme(theme: Settings['theme']): void {
  wish = theme;
  apply();
}

/** Calls back after each change of theme, for what draws its own colours. */
export function onThemeChange(listener: () => void): () => void {
  document.addEventListener('themechange', listener);
  return () => document.removeEventListener('themechange', listener);
}

/** The value of a colour token now. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
