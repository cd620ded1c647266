import { readable } from './ledger/readable.ts';

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text for HTML, as content or as an attribute in quotes; invisible characters made visible. */
export function escapeHtml(text: string): string {
  return readable(text).replace(/[&<>"']/g, (char) => entities[char] ?? char);
}
