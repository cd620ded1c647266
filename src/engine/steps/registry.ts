import type { Action, ShellAction, StructuredAction } from '../../core/runbook/model.ts';
import type { MachineKind } from './kind.ts';
import { shell } from './shell.ts';
import { structured } from './structured-machine.ts';

/** The actions that a machine carries out; a question is a person's. */
export type MachineAction = ShellAction | StructuredAction;

const machineKinds: {
  [K in MachineAction['kind']]: MachineKind<Extract<MachineAction, { kind: K }>>;
} = {
  shell,
  structured,
};

export function isMachineAction(action: Action | null): action is MachineAction {
  return action !== null && action.kind in machineKinds;
}

export function machineKindOf(action: MachineAction): MachineKind<MachineAction> {
  return machineKinds[action.kind];
}
