import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Disks of their own for tests that need one which is small, full or read-only. */

export interface Disk {
  path: string;
  remount(options: string): void;
  /** Takes all the room that is left. */
  fill(): void;
  /** Gives it back. */
  free(): void;
  unmount(): void;
}

/** Whether a test may mount file systems here: root on Linux, and not in every container. */
export const mayMount = (() => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const probe = mount('size=64k');
  probe?.unmount();
  return probe !== null;
})();

/** Mounts a disk in memory; `options` as for `mount -o`. To be unmounted by the caller, always. */
export function mountDisk(options: string): Disk {
  const disk = mount(options);
  if (!disk) throw new Error('cannot mount');
  return disk;
}

function mount(options: string): Disk | null {
  const path = mkdtempSync(join(tmpdir(), 'muster-disk-'));
  const run = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
  if (!run('mount', '-t', 'tmpfs', '-o', options, 'muster-test', path)) {
    rmSync(path, { recursive: true, force: true });
    return null;
  }
  const filler = join(path, 'filler');
  return {
    path,
    remount(changed) {
      if (!run('mount', '-o', `remount,${changed}`, path)) throw new Error('cannot remount');
    },
    fill() {
      try {
        for (;;) writeFileSync(filler, Buffer.alloc(64 * 1024), { flag: 'a' });
      } catch {
        // Until nothing fits any more.
      }
    },
    free: () => rmSync(filler, { force: true }),
    unmount() {
      // What a test left running may still hold it; it goes when the last of them ends.
      if (!run('umount', path)) run('umount', '-l', path);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Makes a folder that cannot be written, whoever runs the test. */
export function readOnlyFolder(): { path: string; remove(): void } {
  if (mayMount) {
    const disk = mountDisk('size=64k,ro');
    return { path: disk.path, remove: disk.unmount };
  }
  // Where even root may not mount, nobody can add to the kernel's own folder.
  if (process.getuid?.() === 0) return { path: '/sys/muster', remove: () => undefined };
  const path = mkdtempSync(join(tmpdir(), 'muster-disk-'));
  chmodSync(path, 0o500);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
