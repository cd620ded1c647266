import type { Action, ShellAction } from '../../core/runbook/model.ts';
import type { MachineKind } from './kind.ts';
import { shell } from './shell.ts';

/** The actions that a machine carries out; a question is a person's. */
export type MachineAction = ShellAction;

const machineKinds: {
  [K in MachineAction['kind']]: MachineKind<Extract<MachineAction, { kind: K }>>;
} = {
  shell,
};

export function isMachineAction(action: Action | null): action is MachineAction {
  return action !== null && action.kind in machineKinds;
}

export function machineKindOf(action: MachineAction): MachineKind<MachineAction> {
  return machineKinds[action.kind];
}
