import { useEffect, useRef, useState } from 'react';
import { beginSession, type Session } from './session.ts';
import { useTerminals } from './store.ts';
import styles from './TerminalPanel.module.css';

interface Props {
  id: string;
  visible: boolean;
  height: number;
}

/** One tab's terminal. It stays while hidden, so that its output keeps flowing. */
export function TerminalView({ id, visible, height }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const session = useRef<Session | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const [finding, setFinding] = useState(false);
  const [query, setQuery] = useState('');
  const focus = useTerminals((terminals) => terminals.focus);
  const mounted = useRef(false);

  useEffect(() => {
    const mine = beginSession(id, (event) => {
      if (event.type !== 'keydown' || !event.ctrlKey) return true;
      const key = event.key.toLowerCase();
      if (!event.shiftKey && key === 'f') {
        setFinding(true);
        requestAnimationFrame(() => field.current?.select());
      } else if (event.shiftKey && key === 'c') mine.copy();
      else if (event.shiftKey && key === 'v') mine.paste();
      else return true;
      event.preventDefault();
      return false;
    });
    session.current = mine;
    mounted.current = false;
    return () => mine.dispose();
  }, [id]);

  // xterm measures its font when it is opened, so it is opened when it is seen for the first time.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new height fits anew
  useEffect(() => {
    if (!visible || host.current === null) return;
    if (!mounted.current) session.current?.mount(host.current);
    mounted.current = true;
    session.current?.fit();
  }, [visible, height, finding]);

  useEffect(() => {
    const element = host.current;
    if (element === null || !visible) return;
    const observer = new ResizeObserver(() => session.current?.fit());
    observer.observe(element);
    return () => observer.disconnect();
  }, [visible]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each wish for focus counts
  useEffect(() => {
    if (visible) session.current?.focus();
  }, [visible, focus]);

  const close = () => {
    setFinding(false);
    session.current?.endFind();
    session.current?.focus();
  };

  return (
    <div
      id={`terminal-${id}`}
      role="tabpanel"
      aria-labelledby={`tab-${id}`}
      className={styles.view}
      hidden={!visible}
    >
      {finding && (
        <search className={styles.find}>
          <input
            ref={field}
            type="text"
            aria-label="Find in the terminal"
            placeholder="Find in the terminal"
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              session.current?.find(event.target.value, false);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') session.current?.find(query, event.shiftKey);
              if (event.key === 'Escape') close();
            }}
          />
          <button type="button" onClick={() => session.current?.find(query, true)}>
            Previous
          </button>
          <button type="button" onClick={() => session.current?.find(query, false)}>
            Next
          </button>
          <button type="button" onClick={close}>
            Close
          </button>
        </search>
      )}
      <div ref={host} className={styles.host} data-keys="own" />
    </div>
  );
}
