import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import styles from './EvidenceList.module.css';
import type { SeriesEvidence } from './evidence.ts';

/** So many lines can be told apart. */
const MOST = 6;
const height = 160;
const hues = ['blue', 'orange', 'teal', 'pink', 'violet', 'green'] as const;
/** Dashes, so that lines can be told apart without their colour. */
const dashes = [[], [6, 3], [2, 3], [10, 3], [6, 3, 2, 3], [1, 2]];

function name(labels: Record<string, string>): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return parts.length === 0 ? 'value' : parts.join(', ');
}

/** `14:02`, from seconds since 1970. */
function clock(seconds: number): string {
  const at = new Date(seconds * 1000);
  return at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

/** All series over the times of all of them; null where one has no value. */
function aligned(series: SeriesEvidence['series']): uPlot.AlignedData {
  const times = [...new Set(series.flatMap(({ points }) => points.map(([at]) => at)))].toSorted(
    (a, b) => a - b,
  );
  const values = series.map(({ points }) => {
    const known = new Map(points);
    return times.map((at) => known.get(at) ?? null);
  });
  return [times.map((at) => at / 1000), ...values];
}

/** The course of a few series. What it shows stands below as text, too. */
export default function SeriesChart({ evidence }: { evidence: SeriesEvidence }) {
  const place = useRef<HTMLDivElement>(null);
  const series = evidence.series.slice(0, MOST);

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const style = getComputedStyle(element);
    const token = (of: string) => style.getPropertyValue(of).trim();
    const axis: uPlot.Axis = {
      stroke: token('--text-2'),
      grid: { stroke: token('--line'), width: 1 },
      ticks: { stroke: token('--line'), width: 1 },
      font: `12px ${token('--font-ui')}`,
    };
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { show: false },
        axes: [
          { ...axis, values: (_, times) => times.map(clock) },
          { ...axis, size: 64 },
        ],
        series: [
          {},
          ...evidence.series.slice(0, MOST).map((_, index) => ({
            stroke: token(`--hue-${hues[index] ?? 'grey'}`),
            width: 2,
            dash: dashes[index] ?? [],
            points: { show: false },
          })),
        ],
      },
      aligned(evidence.series.slice(0, MOST)),
      element,
    );
    const observer = new ResizeObserver(() => {
      chart.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [evidence]);

  return (
    <figure className={styles.chart} aria-label={`Course of ${evidence.query}`}>
      <div ref={place} aria-hidden="true" />
      <ul className={styles.legend}>
        {series.map(({ labels }, index) => (
          <li key={name(labels)}>
            <i
              style={{
                borderTopColor: `var(--hue-${hues[index] ?? 'grey'})`,
                borderTopStyle: index === 0 ? 'solid' : 'dashed',
              }}
            />
            {name(labels)}
          </li>
        ))}
        {evidence.series.length > MOST && <li>{evidence.series.length - MOST} more below</li>}
      </ul>
    </figure>
  );
}
