/**
 * Where a character of SQL stands. `text` is a '…' literal, `escaped-text` one with backslash
 * escapes (E'…'), `unicode-text` U&'…', `name` a "…" identifier, `dollar-text` $tag$…$tag$.
 */
export type SqlContext =
  | 'code'
  | 'text'
  | 'escaped-text'
  | 'unicode-text'
  | 'name'
  | 'line-comment'
  | 'block-comment'
  | 'dollar-text';

/** A dollar quote's tag is an identifier; PostgreSQL cuts those at 63 bytes. */
const LONGEST_WORD = 64;

/**
 * Reads PostgreSQL's SQL character by character, in constant memory, however it is cut into chunks.
 * It knows quotes and comments, and no grammar. Strings are read as `standard_conforming_strings`
 * (the default since 9.1) has them.
 */
export class SqlScanner {
  /** Where the next character stands, unless that character changes it. */
  context: SqlContext = 'code';
  /** The identifier or keyword that the last characters of code spell, as written. */
  word = '';
  #last = '';
  #reopens: SqlContext | null = null;
  #skips = false;
  #depth = 0;
  /** The tag of the dollar quote that is open or may be opening, else empty. */
  #tag = '';
  #tail = '';

  next(char: string): void {
    const last = this.#last;
    this.#last = char;
    switch (this.context) {
      case 'code':
        this.#code(char, last);
        return;
      case 'text':
      case 'unicode-text':
        if (char === "'") this.#close();
        return;
      case 'escaped-text':
        if (this.#skips) this.#skips = false;
        else if (char === '\\') this.#skips = true;
        else if (char === "'") this.#close();
        return;
      case 'name':
        if (char === '"') this.context = 'code';
        return;
      case 'line-comment':
        if (char === '\n') this.context = 'code';
        return;
      case 'block-comment':
        this.#block(char, last);
        return;
      case 'dollar-text':
        this.#tail = (this.#tail + char).slice(-this.#tag.length);
        if (this.#tail !== this.#tag) return;
        this.#tag = '';
        this.context = 'code';
    }
  }

  #code(char: string, last: string): void {
    const reopens = this.#reopens;
    this.#reopens = null;
    if (this.#tag !== '' && this.#opensDollar(char)) return;
    const word = this.word;
    this.word = isWordPart(char, word) ? (word + char).slice(0, LONGEST_WORD) : '';
    if (char === "'") this.context = reopens ?? textKind(word, last);
    else if (char === '"') this.context = 'name';
    else if (char === '-' && last === '-') this.context = 'line-comment';
    else if (char === '*' && last === '/') this.#enterBlock();
    else if (char === '$' && word === '') this.#tag = '$';
  }

  /** True when the character belongs to a dollar quote's opening tag. */
  #opensDollar(char: string): boolean {
    if (char === '$') {
      this.#tag += '$';
      this.#tail = '';
      this.context = 'dollar-text';
      return true;
    }
    if (isWordPart(char, this.#tag.slice(1)) && this.#tag.length < LONGEST_WORD) {
      this.#tag += char;
      return true;
    }
    this.#tag = '';
    return false;
  }

  #enterBlock(): void {
    this.context = 'block-comment';
    this.#depth = 1;
    this.#last = '';
  }

  #block(char: string, last: string): void {
    const pair = last + char;
    if (pair !== '/*' && pair !== '*/') return;
    this.#depth += pair === '/*' ? 1 : -1;
    this.#last = '';
    if (this.#depth === 0) this.context = 'code';
  }

  /** The quote ends here, unless another one follows at once: that is a quote within the text. */
  #close(): void {
    this.#reopens = this.context;
    this.context = 'code';
    this.word = '';
  }
}

function textKind(word: string, last: string): SqlContext {
  if (word === 'e' || word === 'E') return 'escaped-text';
  return last === '&' ? 'unicode-text' : 'text';
}

function isWordPart(char: string, word: string): boolean {
  if (/[A-Za-z_\u0080-\uffff]/.test(char)) return true;
  return word !== '' && /[0-9$]/.test(char);
}
