import { useLayoutEffect, useRef } from 'react';

export interface Binding {
  /** `r`, `Enter`, `Space`, `.`, `?`, `mod+k`, `ctrl+\``, or two in a row: `g l`; null: by its name alone. */
  keys: string | null;
  /** What it does, as the key sheet and the palette say it. */
  name: string;
  run: () => void;
  /** Works while typing in a field, or even in the terminal. */
  always?: 'fields' | 'everywhere';
  /** The key may be held down. */
  repeats?: boolean;
  /** Kept out of the key sheet: the same action under a second key. */
  also?: boolean;
}

type Scope = 'shell' | 'place' | 'part' | 'dialog';

interface Layer {
  scope: Scope;
  group: string;
  bindings: Binding[];
}

const order: Scope[] = ['dialog', 'part', 'place', 'shell'];
const layers = new Set<Layer>();

/** Binds keys for as long as the component is mounted. The more particular scope wins. */
export function useKeys(scope: Scope, group: string, bindings: Binding[]): void {
  const layer = useRef<Layer>({ scope, group, bindings });
  useLayoutEffect(() => {
    layer.current.bindings = bindings;
  });
  // Before the first paint: a key is heard as soon as what it stands beside can be seen.
  useLayoutEffect(() => {
    const mine = layer.current;
    layers.add(mine);
    return () => {
      layers.delete(mine);
    };
  }, []);
}

/** What can be done on this screen, for the key sheet and the palette. */
export function boundKeys(): { group: string; bindings: Binding[] }[] {
  const groups = new Map<string, Binding[]>();
  for (const scope of order) {
    for (const layer of layers) {
      if (layer.scope !== scope || scope === 'dialog') continue;
      const group = groups.get(layer.group) ?? [];
      group.push(...layer.bindings.filter((binding) => binding.also !== true));
      groups.set(layer.group, group);
    }
  }
  return [...groups].map(([group, bindings]) => ({ group, bindings }));
}

/** What the operator types into: the terminal takes nearly all keys, a field most of them. */
function typingIn(target: EventTarget | null): 'terminal' | 'field' | null {
  if (!(target instanceof HTMLElement)) return null;
  if (target.closest('[data-keys="own"]') !== null) return 'terminal';
  if (target instanceof HTMLInputElement) {
    return ['checkbox', 'radio'].includes(target.type) ? null : 'field';
  }
  return target.matches('textarea, select, [contenteditable="true"]') ? 'field' : null;
}

function reaches(binding: Binding, typing: 'terminal' | 'field' | null): boolean {
  if (typing === null || binding.always === 'everywhere') return true;
  return typing === 'field' && binding.always === 'fields';
}

/** Enter, space and arrows belong to the control that has focus. */
function belongsToControl(event: KeyboardEvent): boolean {
  if (!(event.target instanceof HTMLElement)) return false;
  if (event.key === 'Enter' || event.key === ' ') {
    return event.target.matches('button, a, summary, input, [role="menuitem"], [role="tab"]');
  }
  return (
    event.key.startsWith('Arrow') &&
    event.target.matches('input, [role="menuitem"], [role="tab"], [role="separator"]')
  );
}

function nameOf(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'Space' : event.key;
  const mods: string[] = [];
  if (event.ctrlKey) mods.push('ctrl');
  if (event.metaKey) mods.push('meta');
  if (event.altKey) mods.push('alt');
  if (event.shiftKey && (key.length > 1 || mods.length > 0)) mods.push('shift');
  return [...mods, key.length === 1 && mods.length > 0 ? key.toLowerCase() : key].join('+');
}

function matches(keys: string | null, pressed: string): boolean {
  if (keys === null) return false;
  if (!keys.startsWith('mod+')) return keys === pressed;
  const rest = keys.slice(4);
  return pressed === `ctrl+${rest}` || pressed === `meta+${rest}`;
}

const chordMs = 1500;
let first: { key: string; at: number } | null = null;

function find(
  pressed: string,
  modal: boolean,
  typing: 'terminal' | 'field' | null,
): Binding | null {
  for (const scope of order) {
    if (modal && scope !== 'dialog') continue;
    for (const layer of layers) {
      if (layer.scope !== scope) continue;
      for (const binding of layer.bindings) {
        if (matches(binding.keys, pressed) && reaches(binding, typing)) return binding;
      }
    }
  }
  return null;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const held = event.repeat && (event.key === 'Enter' || event.key === ' ');
  if (held && event.target instanceof HTMLElement && event.target.matches('button')) {
    // A held key must not press a button again and again.
    event.preventDefault();
    return;
  }
  const modal = document.querySelector('dialog[open]') !== null;
  const pressed = nameOf(event);
  const chord = first !== null && event.timeStamp - first.at < chordMs ? first.key : null;
  first = null;
  const typing = typingIn(event.target);
  const binding =
    (chord !== null ? find(`${chord} ${pressed}`, modal, typing) : null) ??
    find(pressed, modal, typing);
  if (binding !== null) {
    if (belongsToControl(event) && binding.always === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat || binding.repeats === true) binding.run();
    return;
  }
  if (typing === null && !modal && pressed === 'g') first = { key: 'g', at: event.timeStamp };
}

/** One listener for the whole window. It captures, so that the terminal cannot swallow its keys. */
export function followKeys(): () => void {
  window.addEventListener('keydown', onKeyDown, { capture: true });
  return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
}
