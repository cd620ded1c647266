import type { InputSpec, Runbook } from '../../core/runbook/model.ts';
import { formatDuration } from '../../core/units.ts';
import type { OpenRunbook } from '../../shared/ipc.ts';
import { Button } from '../controls/Button.tsx';
import { ReviewPanel } from '../review/ReviewPanel.tsx';
import { AboutChange, AboutRuns } from './AboutRuns.tsx';
import { usePageView } from './page-view.ts';
import styles from './RunbookPage.module.css';

const promised = (ms: number | null) => (ms === null ? 'none' : formatDuration(ms));

function Input({ input }: { input: InputSpec }) {
  const details = [
    input.type,
    input.type === 'secret'
      ? null
      : input.default === null
        ? input.proposed
          ? 'optional'
          : 'must be given'
        : `default ${input.default}`,
    input.proposed ? 'proposed by Muster from a placeholder' : null,
    input.secret,
  ];
  return (
    <div className={styles.input}>
      <code>{input.name}</code>
      <p>{details.filter((detail) => detail !== null).join(' · ')}</p>
      {input.help !== null && <p>{input.help}</p>}
    </div>
  );
}

/** What its steps act on. */
function placeWords({ requires: { range, roles } }: Runbook): string {
  if (range !== null) return 'practice range';
  if (roles.length === 0) return 'this machine';
  return roles.length === 1 ? 'a target' : `targets: ${roles.join(', ')}`;
}

/** What the runbook promises, asks for and needs. */
export function Facts({ open, over }: { open: OpenRunbook; over: boolean }) {
  const { runbook } = open;
  const { shows, show } = usePageView();
  const rows: [string, string | null][] = [
    ['Kind', runbook.kind ?? (runbook.format === 'guide' ? 'plain guide' : null)],
    ['System', runbook.system],
    ['Owner', runbook.owner],
    ['Review', runbook.reviewDays === null ? null : `every ${runbook.reviewDays} days`],
    ['Needs', runbook.requires.tools.length === 0 ? null : runbook.requires.tools.join(', ')],
    ['Runs on', placeWords(runbook)],
    ['SHA-256', open.sha256.slice(0, 12)],
  ];
  return (
    <aside className={styles.facts} data-over={over || undefined} aria-label="About this runbook">
      <ReviewPanel open={open} />
      {runbook.format === 'guide' && shows !== 'adoption' && (
        <section>
          <h2>Plain guide</h2>
          <p className={styles.guide}>
            Its commands wait for a click each. A copy as a runbook has ids, risks, time limits and
            inputs; the guide stays as it is.
          </p>
          <Button onClick={() => show('adoption')}>Adopt as a runbook…</Button>
        </section>
      )}
      <section>
        <h2>About</h2>
        <dl>
          {rows.map(([name, value]) =>
            value === null ? null : (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
          )}
        </dl>
      </section>
      {runbook.objectives.length > 0 && (
        <section>
          <h2>Objectives</h2>
          <table>
            <thead>
              <tr>
                <th scope="col">Component</th>
                <th scope="col">RTO</th>
                <th scope="col">RPO</th>
              </tr>
            </thead>
            <tbody>
              {runbook.objectives.map((objective) => (
                <tr key={objective.line + objective.component}>
                  <th scope="row">{objective.component}</th>
                  <td>{promised(objective.rtoMs)}</td>
                  <td>{promised(objective.rpoMs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {runbook.inputs.length > 0 && (
        <section>
          <h2>Inputs</h2>
          {runbook.inputs.map((input) => (
            <Input key={input.name} input={input} />
          ))}
        </section>
      )}
      <AboutRuns path={open.path} />
      <AboutChange path={open.path} sha256={open.sha256} />
    </aside>
  );
}
