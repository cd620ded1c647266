import type { Element, ElementContent, Root as HtmlRoot } from 'hast';
import { toHtml } from 'hast-util-to-html';
import type {
  Code,
  Definition,
  FootnoteDefinition,
  FootnoteReference,
  Heading,
  Html,
  ListItem,
  Nodes,
  Root,
} from 'mdast';
import { defaultHandlers, type Handlers, type State, toHast } from 'mdast-util-to-hast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { escapeHtml } from '../escape-html.ts';
import { readable } from '../ledger/readable.ts';
import { isHeavy } from './heavy.ts';
import { makeSafe, span, text, tickBox } from './safe-html.ts';

/** A line of the source where a phase or a step begins. */
export interface Mark {
  kind: 'phase' | 'step';
  line: number;
  title: string;
  /** What the runbook says of it, such as its risk. */
  facts: readonly string[];
}

export interface MarkdownSource {
  /** All lines of the text; those of the front matter are empty. */
  lines: readonly string[];
  marks: readonly Mark[];
  /** Stands before every id, so that several texts fit in one file. */
  prefix: string;
  /** How many levels below their own the headings stand. */
  shift: number;
  /** The title that stands above already; a heading of level 1 with it is left out. */
  title: string;
}

const parser = unified().use(remarkParse).use(remarkGfm);

/** The id of what begins at a line. */
export function idOfLine(prefix: string, line: number): string {
  return `${prefix}line-${line}`;
}

/** Markdown as safe HTML: raw HTML is shown as text, and every word of the source is kept. */
export function markdownHtml(source: MarkdownSource): string {
  if (isHeavy(source.lines)) return plainHtml(source);
  const tree = parser.parse(source.lines.join('\n'));
  const writer = new Writer(source, tree);
  const html = toHast(tree, { handlers: writer.handlers });
  const root: HtmlRoot =
    html.type === 'root' ? html : { type: 'root', children: html.type === 'doctype' ? [] : [html] };
  writer.addRest(root);
  makeSafe(root);
  return toHtml(root);
}

/** The text as it is written, cut where its phases and steps begin. */
function plainHtml({ lines, marks, prefix, shift }: MarkdownSource): string {
  const pieces: string[] = [];
  const write = (from: number, to: number): void => {
    const piece = lines.slice(from, to).join('\n').replace(/\s+$/, '');
    if (piece.trim() !== '') pieces.push(`<pre tabindex="0">${escapeHtml(piece)}</pre>`);
  };
  let from = 0;
  for (const { kind, line, title } of marks) {
    write(from, line - 1);
    const level = Math.min(6, (kind === 'phase' ? 2 : 3) + shift);
    pieces.push(`<h${level} id="${idOfLine(prefix, line)}">${escapeHtml(title)}</h${level}>`);
    from = line - 1;
  }
  write(from, lines.length);
  return pieces.join('\n');
}

class Writer {
  readonly handlers: Handlers;
  readonly #source: MarkdownSource;
  readonly #marks: Map<number, Mark>;
  /** Ids of headings by the name that links in Markdown viewers give them. */
  readonly #slugs = new Map<string, string>();
  #titleLeftOut = false;

  constructor(source: MarkdownSource, tree: Root) {
    this.#source = source;
    this.#marks = new Map(source.marks.map((mark) => [mark.line, mark]));
    this.#readSlugs(tree);
    this.handlers = {
      html: (_state: State, node: Html, parent: Nodes | undefined) => rawHtml(node, parent),
      code: (_state: State, node: Code) => code(node),
      definition: (_state: State, node: Definition) => definition(node),
      heading: (state: State, node: Heading) => this.#heading(state, node),
      listItem: (state: State, node: ListItem, parent: Nodes | undefined) =>
        this.#item(state, node, parent),
      link: (state: State, node: Extract<Nodes, { type: 'link' }>) => {
        const to = this.#slugs.get(node.url.slice(1));
        const url = node.url.startsWith('#') && to !== undefined ? `#${to}` : node.url;
        return defaultHandlers.link(state, { ...node, url });
      },
      footnoteDefinition: (state: State, node: FootnoteDefinition) => this.#footnote(state, node),
      footnoteReference: (_state: State, node: FootnoteReference) => this.#reference(node),
    };
  }

  /** Steps that no heading and no list item of the rendered text begins get a line of their own. */
  addRest(root: HtmlRoot): void {
    for (const mark of this.#marks.values()) {
      if (mark.kind === 'phase') continue;
      const at = root.children.findIndex(({ position }) => (position?.end.line ?? 0) >= mark.line);
      const lead = element('p', { className: ['lead'], id: this.#id(mark.line) }, [
        tickBox(`Done: ${mark.title}`),
        text(mark.title),
        ...this.#facts(mark),
      ]);
      root.children.splice(at === -1 ? root.children.length : at, 0, lead);
    }
  }

  #id(line: number): string {
    return idOfLine(this.#source.prefix, line);
  }

  /** The mark of a line, once. */
  #take(line: number): Mark | null {
    const mark = this.#marks.get(line) ?? null;
    this.#marks.delete(line);
    return mark;
  }

  #facts(mark: Mark): ElementContent[] {
    return [
      text(' '),
      span('facts', [text(readable([...mark.facts, `line ${mark.line}`].join(' · ')))]),
    ];
  }

  #heading(state: State, node: Heading): ElementContent[] {
    const line = node.position?.start.line ?? 0;
    const mark = this.#take(line);
    const words = wordsOf(node);
    if (!this.#titleLeftOut && mark === null && node.depth === 1) {
      this.#titleLeftOut = true;
      if (words.trim() === this.#source.title.trim()) return [];
    }
    const children = state.all(node);
    const level = Math.min(6, Math.max(2, node.depth) + this.#source.shift);
    if (mark?.kind === 'step') {
      children.unshift(tickBox(`Done: ${mark.title}`), text(' '));
      children.push(...this.#facts(mark));
    }
    const properties = { id: this.#id(line), ...(mark && { className: [mark.kind] }) };
    const heading = element(`h${level}`, properties, children);
    state.patch(node, heading);
    return [heading];
  }

  #item(state: State, node: ListItem, parent: Nodes | undefined): ElementContent {
    const list = parent?.type === 'list' ? parent : undefined;
    const item = defaultHandlers.listItem(state, node, list);
    nameBox(item, wordsOf(node));
    const mark = this.#take(node.position?.start.line ?? 0);
    if (mark?.kind !== 'step') return item;
    item.properties = { ...item.properties, id: this.#id(mark.line), className: ['step'] };
    const lead = element('div', { className: ['lead'] }, [
      ...(typeof node.checked === 'boolean' ? [] : [tickBox(`Done: ${mark.title}`)]),
      ...this.#facts(mark),
    ]);
    item.children.unshift(lead);
    return item;
  }

  #footnote(state: State, node: FootnoteDefinition): Element {
    const name = node.label ?? node.identifier;
    const properties = { className: ['footnote'], id: `${this.#source.prefix}note-${name}` };
    return element('div', properties, [
      element('sup', {}, [text(name)]),
      text(' '),
      ...state.all(node),
    ]);
  }

  #reference(node: FootnoteReference): Element {
    const name = node.label ?? node.identifier;
    const href = `#${this.#source.prefix}note-${name}`;
    return element('sup', {}, [element('a', { href }, [text(name)])]);
  }

  #readSlugs(tree: Root): void {
    for (const node of tree.children) {
      if (node.type !== 'heading' || node.position === undefined) continue;
      const slug = wordsOf(node)
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-');
      if (!this.#slugs.has(slug)) this.#slugs.set(slug, this.#id(node.position.start.line));
    }
  }
}

function element(
  tagName: string,
  properties: Element['properties'],
  children: ElementContent[],
): Element {
  return { type: 'element', tagName, properties, children };
}

function rawHtml(node: Html, parent: Nodes | undefined): Element {
  const isInline = parent?.type === 'paragraph' || parent?.type === 'heading';
  const content = element('code', { className: ['raw'] }, [text(node.value)]);
  return isInline || (parent !== undefined && !isFlow(parent)) ? content : pre([content]);
}

function isFlow({ type }: Nodes): boolean {
  return ['root', 'blockquote', 'listItem', 'footnoteDefinition'].includes(type);
}

function code(node: Code): Element[] {
  const about = [node.lang, node.meta].filter(Boolean).join(' ');
  const content = pre([element('code', {}, [text(node.value)])]);
  if (about === '') return [content];
  return [element('p', { className: ['fence'] }, [text(about)]), content];
}

function pre(children: ElementContent[]): Element {
  return element('pre', { tabIndex: 0 }, children);
}

/** Shown too: on paper it is the only place where the address can be read. */
function definition({ label, identifier, url, title }: Definition): Element {
  const words = `[${label ?? identifier}]: ${url}${title ? ` “${title}”` : ''}`;
  return element('p', { className: ['definition'] }, [text(words)]);
}

/** Says what a task's box is for: the box itself holds no words. */
function nameBox({ children }: Element, words: string): void {
  for (const child of children) {
    if (child.type !== 'element') continue;
    if (child.tagName === 'input') child.properties.ariaLabel = words.trim() || 'Task';
    else if (child.tagName === 'p') nameBox(child, words);
  }
}

function wordsOf(node: Nodes): string {
  if ('value' in node) return node.value;
  if ('alt' in node) return node.alt ?? '';
  return 'children' in node ? node.children.map(wordsOf).join('') : '';
}
