type Make = (name: string, options?: ElementCreationOptions) => HTMLElement;

/** Stands in for a style element: its text becomes a constructed stylesheet. */
function styleElement(make: Make): HTMLElement {
  // An element without meaning, because even an empty style element is refused.
  const element = make('template');
  const sheet = new CSSStyleSheet();
  let adopted = false;
  Object.defineProperty(element, 'textContent', {
    get: () => '',
    set: (text: string) => {
      sheet.replaceSync(text);
      if (adopted) return;
      adopted = true;
      document.adoptedStyleSheets.push(sheet);
    },
  });
  const remove = element.remove.bind(element);
  element.remove = () => {
    remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
  };
  return element;
}

/**
 * Runs `work` while style elements are replaced. The window's policy can then forbid inline styles:
 * xterm writes its colours and sizes into style elements that it makes when it opens and when it
 * changes its way of drawing, and the policy allows stylesheets that are constructed by code.
 */
export function withSheets<T>(work: () => T): T {
  const make: Make = document.createElement.bind(document);
  Object.defineProperty(document, 'createElement', {
    configurable: true,
    value: (name: string, options?: ElementCreationOptions) =>
      name.toLowerCase() === 'style' ? styleElement(make) : make(name, options),
  });
  try {
    return work();
  } finally {
    // The prototype's own function is there again.
    Reflect.deleteProperty(document, 'createElement');
  }
}
