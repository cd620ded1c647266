import { useEffect, useState } from 'react';
import { type Problem, toProblem } from '../../core/problem.ts';
import type { RequestOut } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { Button } from '../controls/Button.tsx';
import { Skeleton } from '../controls/Skeleton.tsx';
import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import styles from './WillChange.module.css';

type Asked =
  | { state: 'asking' }
  | { state: 'answered'; preview: RequestOut<'run.preview'> }
  | { state: 'failed'; problem: Problem };

interface Props {
  run: string;
  step: string;
  /** Whose server is asked. */
  target: string;
}

/**
 * What a step would change now, as the target itself says it, for the person who must confirm it. It
 * keeps nobody from confirming or refusing: it says plainly where it does not know.
 */
export function WillChange({ run, step, target }: Props) {
  const [times, setTimes] = useState(1);
  const [asked, setAsked] = useState<Asked>({ state: 'asking' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew as often as a person wants
  useEffect(() => {
    let isCurrent = true;
    const settle = (next: Asked) => {
      if (isCurrent) setAsked(next);
    };
    setAsked({ state: 'asking' });
    ask('run.preview', { run, step }).then(
      (preview) => settle({ state: 'answered', preview }),
      (thrown: unknown) => settle({ state: 'failed', problem: toProblem(thrown) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [run, step, times]);
  if (asked.state === 'answered' && asked.preview === null) return null;
  const problem =
    asked.state === 'failed'
      ? asked.problem
      : asked.state === 'answered'
        ? (asked.preview?.problem ?? null)
        : null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long difference is scrolled by keyboard
    <section className={styles.change} aria-label="What would change" tabIndex={0}>
      <h3>What would change</h3>
      {asked.state === 'asking' && (
        <>
          <p className={styles.quiet}>Asking {target}. You need not wait for it.</p>
          <Skeleton rows={3} label={`Asking ${target} what would change`} />
        </>
      )}
      {problem !== null && (
        <>
          <ProblemNotice problem={problem} />
          <div>
            <Button onClick={() => setTimes(times + 1)}>Ask again</Button>
          </div>
        </>
      )}
      {asked.state === 'answered' && problem === null && (
        <>
          <p className={styles.text}>{asked.preview?.text}</p>
          {asked.preview?.detail && <Detail text={asked.preview.detail} />}
        </>
      )}
    </section>
  );
}

/** Lines that go and lines that come carry their sign, and a colour beside it. */
function Detail({ text }: { text: string }) {
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    <pre className={styles.detail}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no identity but their place
        <span key={index} data-line={kindOf(line)}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}

function kindOf(line: string): 'gone' | 'come' | undefined {
  if (line.startsWith('-') && !line.startsWith('---')) return 'gone';
  if (line.startsWith('+') && !line.startsWith('+++')) return 'come';
  return undefined;
}
