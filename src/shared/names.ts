import type { PushName, RequestName } from './ipc.ts';

/**
 * The names of the contract without its schemas, for the preload script: loading the schemas there
 * would slow every window down, and main parses the payloads anyway. The types keep both in step.
 */
export const requestNames: Readonly<Record<RequestName, true>> = {
  'app.info': true,
  'settings.get': true,
  'settings.set': true,
  'library.list': true,
  'library.addFolder': true,
  'library.addDroppedFolder': true,
  'library.removeFolder': true,
  'library.search': true,
  'library.git': true,
  'library.pin': true,
  'runbook.choose': true,
  'runbook.open': true,
  'runbook.edit': true,
  'runbook.export': true,
  'runbook.print': true,
  'library.export': true,
  'review.get': true,
  'review.difference': true,
  'review.approve': true,
  'runbook.lastChange': true,
  'run.start': true,
  'run.list': true,
  'run.get': true,
  'run.resume': true,
  'run.command': true,
  'run.output': true,
  'report.save': true,
  'run.verify': true,
  'terminal.open': true,
  'terminal.list': true,
  'terminal.replay': true,
  'terminal.write': true,
  'terminal.resize': true,
  'terminal.acknowledge': true,
  'terminal.close': true,
  'clipboard.write': true,
  'clipboard.read': true,
  'link.open': true,
};

export const pushNames: Readonly<Record<PushName, true>> = {
  'run.events': true,
  'run.output': true,
  'runs.changed': true,
  'library.changed': true,
  'runbook.changed': true,
  'app.open': true,
  'terminal.opened': true,
  'terminal.data': true,
  'terminal.exited': true,
  'app.problem': true,
};
