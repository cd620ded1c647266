import { MusterError } from '../core/problem.ts';
import { formatBytes } from '../core/units.ts';

/** `needed`: in bytes, where it is known. */
export function diskFull(file: string, needed: number | null, safe: string): MusterError {
  return new MusterError({
    code: 'disk-full',
    what:
      needed === null
        ? `The disk of ${file} is full.`
        : `The disk of ${file} has no room for ${formatBytes(needed)} more.`,
    safe,
    next: 'Free space or choose another folder, then retry.',
    place: { file },
  });
}

/** A failure of the local file system as a MusterError; anything else is returned as it is. */
export function fileFailure(error: unknown, file: string, safe: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return diskFull(file, null, safe);
  const [what, next] =
    error.code === 'ENOENT'
      ? [`There is no ${file}.`, 'Check the path, then retry.']
      : error.code === 'EACCES' || error.code === 'EPERM' || error.code === 'EROFS'
        ? [`${file} may not be used.`, 'Check its permissions, then retry.']
        : [`${file} cannot be used.`, 'Read the detail, mend the cause, then retry.'];
  return new MusterError({
    code: 'file-unusable',
    what,
    safe,
    next,
    detail: error.message,
    place: { file },
  });
}
