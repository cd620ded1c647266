import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { fileName, titleOf } from '../../core/library/title.ts';
import { Button } from '../controls/Button.tsx';
import { Skeleton } from '../controls/Skeleton.tsx';
import { ApproveDialog } from '../review/ApproveDialog.tsx';
import { useKeys } from '../shell/keys.ts';
import { go } from '../shell/navigation.ts';
import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import { ProblemPage } from '../shell/ProblemPage.tsx';
import { usePanels } from '../shell/panels.ts';
import { blocksOf } from './blocks.ts';
import { Facts } from './Facts.tsx';
import { Findings } from './Findings.tsx';
import { Outline } from './Outline.tsx';
import { usePageView } from './page-view.ts';
import { editRunbook, exportRunbook, printRunbook, useSaved } from './paper.ts';
import { type DocumentHandle, RunbookDocument } from './RunbookDocument.tsx';
import styles from './RunbookPage.module.css';
import { StartPanel } from './StartPanel.tsx';
import { openRunbook, useLibrary } from './store.ts';

const Adoption = lazy(() => import('../adopt/Adoption.tsx'));
const Difference = lazy(() => import('../review/Difference.tsx'));
const RunbookMenu = lazy(() => import('./RunbookMenu.tsx'));

/** Why the runbook cannot run, or null when it can. */
function refusal(errors: number, steps: number): string | null {
  if (errors === 1) return 'One error keeps it from running. It stands below, with its remedy.';
  if (errors > 1) return `${errors} errors keep it from running. They stand below.`;
  if (steps === 0) return 'It has no steps: give it headings or numbered items.';
  return null;
}

/** One runbook as a document, with its outline and what it asks for. */
export default function RunbookPage({ path }: { path: string }) {
  const open = useLibrary((library) => (library.open?.path === path ? library.open : null));
  const problem = useLibrary((library) =>
    library.problem?.path === path ? library.problem.problem : null,
  );
  const panels = usePanels();
  const [starting, setStarting] = useState(false);
  /** Asked for before it was loaded. */
  const [wantsMenu, setWantsMenu] = useState(false);
  const { shows, approves, show, setApproves } = usePageView();
  const saved = useSaved((last) => (last?.path === path ? last.words : null));
  const text = useRef<DocumentHandle>(null);

  useEffect(() => {
    show('text');
    setApproves(false);
    void openRunbook(path);
  }, [path, show, setApproves]);

  const runbook = open?.runbook ?? null;
  const blocks = runbook === null ? [] : blocksOf(runbook);
  const steps = blocks.filter((block) => block.kind === 'step').length;
  const errors = runbook?.findings.filter((finding) => finding.severity === 'error').length ?? 0;
  const reason = runbook === null ? null : refusal(errors, steps);
  const isGuide = runbook?.format === 'guide';
  const toggle = (view: 'difference' | 'adoption') => show(shows === view ? 'text' : view);
  const start = () => {
    if (runbook !== null && reason === null) setStarting(true);
  };

  useKeys('place', 'Runbook', [
    { keys: 'Enter', name: 'Start a run', run: start },
    {
      keys: 'Escape',
      name: shows === 'text' ? 'Back to the library' : 'Back to the text',
      run: () => (shows === 'text' ? go('library') : show('text')),
    },
    { keys: 'v', name: 'What changed since the review', run: () => toggle('difference') },
    ...(isGuide ? [{ keys: 'c', name: 'Adopt as a runbook', run: () => toggle('adoption') }] : []),
    { keys: 'a', name: 'Approve this version', run: () => setApproves(true) },
    { keys: 'e', name: 'Open in the editor', run: () => editRunbook(path) },
    { keys: 'x', name: 'Export as HTML', run: () => exportRunbook(path, 'html') },
    { keys: null, name: 'Export as PDF', run: () => exportRunbook(path, 'pdf') },
    { keys: 'mod+p', name: 'Print', run: () => printRunbook(path) },
    { keys: 'j', name: 'Next step', run: () => text.current?.move(1), repeats: true },
    { keys: 'k', name: 'Previous step', run: () => text.current?.move(-1), repeats: true },
    { keys: '[', name: 'Show or hide the outline', run: panels.toggleOutline },
    { keys: ']', name: 'Show or hide objectives and inputs', run: panels.toggleSide },
  ]);

  if (problem !== null && open === null) {
    return (
      <ProblemPage title={fileName(path)} problem={problem}>
        <Button look="primary" onClick={() => void openRunbook(path)}>
          Read it again
        </Button>
        <Button onClick={() => go('library')}>Back to the library</Button>
      </ProblemPage>
    );
  }
  if (open === null || runbook === null) return <Skeleton label="Loading the runbook" rows={12} />;

  const title = titleOf({ title: runbook.title, path });
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <div className={styles.name}>
          <nav aria-label="Path">
            <button type="button" className={styles.crumb} onClick={() => go('library')}>
              Library
            </button>
            <span aria-hidden="true"> / </span>
            <span className={styles.file} title={path}>
              {fileName(path)}
            </span>
          </nav>
          <h1 title={title}>{title}</h1>
        </div>
        {saved !== null && (
          <p role="status" className={styles.saved}>
            {saved}
          </p>
        )}
        {reason !== null && (
          <p id="refusal" className={styles.refusal}>
            {reason}
          </p>
        )}
        <Suspense
          fallback={
            <Button aria-label="More for this runbook" onClick={() => setWantsMenu(true)}>
              ⋯
            </Button>
          }
        >
          <RunbookMenu
            path={path}
            opened={wantsMenu}
            onAdopt={isGuide ? () => show('adoption') : null}
          />
        </Suspense>
        <Button
          look="primary"
          keys="Enter"
          off={reason !== null}
          aria-describedby={reason === null ? undefined : 'refusal'}
          onClick={start}
        >
          Start run…
        </Button>
      </div>
      {problem !== null && <ProblemNotice problem={problem} />}
      <div className={styles.columns}>
        {panels.outline && (
          <Outline
            over={panels.outlineOver}
            blocks={blocks}
            onPick={(index) => {
              show('text');
              requestAnimationFrame(() => text.current?.show(index));
            }}
          />
        )}
        {shows !== 'text' ? (
          <Suspense fallback={<Skeleton label="Comparing" rows={6} />}>
            {shows === 'difference' ? <Difference open={open} /> : <Adoption open={open} />}
          </Suspense>
        ) : (
          <RunbookDocument ref={text} runbook={runbook} blocks={blocks}>
            <Findings findings={runbook.findings} />
          </RunbookDocument>
        )}
        {panels.side && <Facts open={open} over={panels.sideOver} />}
      </div>
      {approves && <ApproveDialog open={open} onClose={() => setApproves(false)} />}
      {starting && <StartPanel open={open} onClose={() => setStarting(false)} />}
    </div>
  );
}
