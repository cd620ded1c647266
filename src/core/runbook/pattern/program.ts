import { type Node, type Range, Unsupported } from './syntax.ts';

/** One instruction; `to` and `or` are places in the program, `to` is tried first. */
export type Instruction =
  | { op: 'set'; ranges: readonly Range[]; negated: boolean }
  | { op: 'split'; to: number; or: number }
  | { op: 'jump'; to: number }
  | { op: 'save'; slot: number }
  | { op: 'clear'; from: number; to: number }
  | { op: 'assert'; what: '^' | '$' | 'b' | 'B' }
  | { op: 'match' };

/** Counted repeats are written out, so that a short pattern can become a long program. */
const LONGEST = 5000;

export function compile(node: Node): Instruction[] {
  const program: Instruction[] = [];
  emit(node, program);
  program.push({ op: 'match' });
  return program;
}

function emit(node: Node, program: Instruction[]): void {
  if (program.length > LONGEST) throw new Unsupported('it repeats too much');
  switch (node.type) {
    case 'set':
      program.push({ op: 'set', ranges: node.ranges, negated: node.negated });
      break;
    case 'assertion':
      program.push({ op: 'assert', what: node.what });
      break;
    case 'sequence':
      for (const part of node.nodes) emit(part, program);
      break;
    case 'group':
      program.push({ op: 'save', slot: node.index * 2 });
      emit(node.node, program);
      program.push({ op: 'save', slot: node.index * 2 + 1 });
      break;
    case 'choice':
      emitChoice(node.nodes, program);
      break;
    case 'repeat':
      emitRepeat(node, program);
      break;
  }
}

function emitChoice(nodes: readonly Node[], program: Instruction[]): void {
  const ends: { op: 'jump'; to: number }[] = [];
  for (const [i, part] of nodes.entries()) {
    if (i === nodes.length - 1) {
      emit(part, program);
      break;
    }
    const split = { op: 'split' as const, to: program.length + 1, or: 0 };
    program.push(split);
    emit(part, program);
    const end = { op: 'jump' as const, to: 0 };
    ends.push(end);
    program.push(end);
    split.or = program.length;
  }
  for (const end of ends) end.to = program.length;
}

function emitRepeat(node: Node & { type: 'repeat' }, program: Instruction[]): void {
  const { least, most, greedy } = node;
  if (least > LONGEST || (most !== Number.POSITIVE_INFINITY && most > LONGEST)) {
    throw new Unsupported('it repeats too much');
  }
  for (let i = 0; i < least; i += 1) emitOnce(node, program);
  const splits: { op: 'split'; to: number; or: number }[] = [];
  const optional = (): void => {
    const split = { op: 'split' as const, to: 0, or: 0 };
    splits.push(split);
    program.push(split);
    if (greedy) split.to = program.length;
    else split.or = program.length;
    emitOnce(node, program);
  };
  if (most === Number.POSITIVE_INFINITY) {
    const start = program.length;
    optional();
    program.push({ op: 'jump', to: start });
  } else {
    for (let i = least; i < most; i += 1) optional();
  }
  for (const split of splits) {
    if (greedy) split.or = program.length;
    else split.to = program.length;
  }
}

/** A new round forgets what groups inside it held. */
function emitOnce(node: Node & { type: 'repeat' }, program: Instruction[]): void {
  const [from, to] = node.groups;
  if (to > from) program.push({ op: 'clear', from: from * 2, to: to * 2 });
  emit(node.node, program);
  if (program.length > LONGEST) throw new Unsupported('it repeats too much');
}
