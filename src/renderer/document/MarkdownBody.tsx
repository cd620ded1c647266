import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { ask } from '../bridge.ts';
import { report } from '../shell/problems.ts';
import { Code } from './Code.tsx';
import styles from './Markdown.module.css';

const web = /^https?:\/\//i;

/** The page's own headings are h1 to h3: those of the prose stand below them. */
const components: Components = {
  h1: ({ children }) => <h4>{children}</h4>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
  h4: ({ children }) => <h5>{children}</h5>,
  h5: ({ children }) => <h6>{children}</h6>,
  a: ({ href, children }) =>
    href !== undefined && web.test(href) ? (
      <a
        href={href}
        title={href}
        onClick={(event) => {
          event.preventDefault();
          ask('link.open', { url: href }).catch(report);
        }}
        onAuxClick={(event) => event.preventDefault()}
      >
        {children}
      </a>
    ) : (
      <span className={styles.local} title={href}>
        {children}
      </span>
    ),
  // An image would be a request to the network: its words and its address have to do.
  img: ({ alt, src }) => (
    <span className={styles.local} title={typeof src === 'string' ? src : undefined}>
      Image: {alt === undefined || alt === '' ? src : alt}
    </span>
  ),
  pre: ({ node }) => {
    const code = node?.children[0];
    if (code?.type !== 'element') return null;
    const text = code.children.map((child) => (child.type === 'text' ? child.value : '')).join('');
    const names = code.properties.className;
    const language = Array.isArray(names) ? String(names[0]).replace('language-', '') : null;
    return <Code code={text.replace(/\n$/, '')} language={language} />;
  },
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls by keyboard too
    <section className={styles.table} aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </section>
  ),
};

const plugins = [remarkGfm];

export function MarkdownBody({ text }: { text: string }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={components}>
      {text}
    </ReactMarkdown>
  );
}
