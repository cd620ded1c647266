import type { Element, ElementContent, Root, RootContent } from 'hast';
import { readable } from '../ledger/readable.ts';

/** What a link may open: the web, a mail, a place in the same file. */
const SAFE_LINK = /^(?:https?:\/\/|mailto:|#)/i;

/**
 * Makes a rendered text harmless and complete on paper: a link to anywhere else becomes its words
 * and its address, a picture its description and its address, a box one that can be ticked.
 */
export function makeSafe(root: Root): void {
  root.children = root.children.flatMap((child) => safe(child));
}

function safe(node: RootContent): ElementContent[] {
  if (node.type === 'text') return [{ ...node, value: readable(node.value) }];
  if (node.type !== 'element') return [];
  node.children = node.children.flatMap(safe);
  if (node.tagName === 'a') return [link(node)];
  if (node.tagName === 'img') return [picture(node)];
  if (node.tagName === 'input') return [box(node)];
  if (node.tagName === 'table') return [table(node)];
  return [node];
}

function link(node: Element): Element {
  const { href, title } = node.properties;
  const address = typeof href === 'string' ? href : '';
  if (SAFE_LINK.test(address)) return node;
  const about = title ? ` “${String(title)}”` : '';
  return span('local', [...node.children, text(` (${address}${about})`)]);
}

function picture(node: Element): Element {
  const { alt, src, title } = node.properties;
  const about = [alt, title].filter(Boolean).join(', ');
  return span('local', [text(readable(`Image: ${about} (${String(src ?? '')})`))]);
}

function box(node: Element): Element {
  const { checked, ariaLabel } = node.properties;
  return tickBox(typeof ariaLabel === 'string' ? ariaLabel : 'Task', checked === true);
}

/** A box to tick, on the screen or on paper. */
export function tickBox(label: string, checked = false): Element {
  const properties = { type: 'checkbox', ariaLabel: readable(label), ...(checked && { checked }) };
  return { type: 'element', tagName: 'input', properties, children: [] };
}

function table(node: Element): Element {
  const properties = { className: ['scroll'], tabIndex: 0, role: 'group', ariaLabel: 'Table' };
  return { type: 'element', tagName: 'div', properties, children: [node] };
}

export function span(name: string, children: ElementContent[]): Element {
  return { type: 'element', tagName: 'span', properties: { className: [name] }, children };
}

export function text(value: string): ElementContent {
  return { type: 'text', value };
}
