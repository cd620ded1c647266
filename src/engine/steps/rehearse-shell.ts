import type { ShellAction } from '../../core/runbook/model.ts';
import type { ActContext, Acted } from './kind.ts';

/** Says what a shell step would run, and with which of the run's values; nothing of it runs. */
export function rehearseShell(context: ActContext<ShellAction>): Acted {
  const { action, cwd, env, sink, structured } = context;
  const used = Object.keys(structured.values)
    .filter((name) => new RegExp(`\\$\\{?${name}\\b`).test(action.code))
    .map((name) => `  ${name}=${env[name] ?? ''}`);
  const lines = [
    `Would run with ${action.language} in ${cwd}:`,
    ...action.code.split('\n').map((line) => `  ${line}`),
    ...(used.length > 0 ? ['with', ...used] : []),
    '',
  ];
  sink.take([{ stream: 'out', raw: Buffer.from(lines.join('\n')) }]);
  return {
    outcome: 'succeeded',
    exitCode: null,
    signal: null,
    durationMs: 0,
    problem: null,
    rehearsed: true,
  };
}
