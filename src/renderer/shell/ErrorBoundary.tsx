import { Component, type ReactNode } from 'react';
import { type Problem, toProblem } from '../../core/problem.ts';
import { Button } from '../controls/Button.tsx';
import styles from './Frame.module.css';
import { ProblemNotice } from './ProblemNotice.tsx';

/** A fault in drawing one place leaves the frame, the clocks and the other places usable. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { problem: Problem | null }> {
  override state: { problem: Problem | null } = { problem: null };

  static getDerivedStateFromError(thrown: unknown) {
    return { problem: toProblem(thrown) };
  }

  override render() {
    if (this.state.problem === null) return this.props.children;
    return (
      <div className={styles.banner}>
        <ProblemNotice problem={this.state.problem} />
        <Button onClick={() => this.setState({ problem: null })}>Show the place again</Button>
      </div>
    );
  }
}
