import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './project.mjs';

const patience = 600_000;

/**
 * Does a piece of work that only one process of this checkout may do at a time. A lock
 * whose holder is gone is taken over.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusively(name, work) {
  mkdirSync(cacheFolder, { recursive: true });
  const lock = join(cacheFolder, `${name}.lock`);
  const deadline = Date.now() + patience;
  while (!take(lock)) {
    if (Date.now() > deadline) throw new Error(`${lock} is still held by process ${holder(lock)}.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** @param {string} lock */
function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (!isAlive(holder(lock))) rmSync(lock, { force: true });
    return false;
  }
}

/** @param {string} lock */
function holder(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    // Released between the two looks.
    return 0;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  // An empty file is a lock being written at this moment.
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
