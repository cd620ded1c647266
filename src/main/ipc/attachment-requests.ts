import { writeFile } from 'node:fs/promises';
import type { BrowserWindow } from 'electron';
import { isImage } from '../../core/attachments/attachment.ts';
import { MusterError } from '../../core/problem.ts';
import { type Attachment, readAttachment } from '../../engine/attachments.ts';
import { chooseAttachmentFile } from '../dialogs.ts';
import type { Services } from '../services.ts';
import type { HandlersOf } from './router.ts';

/** The largest picture that the window is given to show, in bytes. */
const LARGEST_SHOWN = 5_000_000;

export function attachmentRequests(
  services: Services,
  window: () => BrowserWindow,
): HandlersOf<'attachment.add' | 'attachment.picture' | 'attachment.save'> {
  /** Only what an event of the run names, under the name and type that the event gives it. */
  const attachmentOf = async (run: string, sha256: string): Promise<Attachment> => {
    const { readRun } = await import('../../engine/read-run.ts');
    const { state } = readRun(services.store(), run);
    const found = state.attachments.find((attachment) => attachment.sha256 === sha256);
    if (found === undefined) throw unknown();
    return found;
  };
  return {
    'attachment.add': ({ run, step, name, bytes }) =>
      services.engine().attach(run, { step, name, bytes }),
    'attachment.picture': async ({ run, sha256 }) => {
      const attachment = await attachmentOf(run, sha256);
      const { mediaType, bytes } = attachment;
      if (!isImage(mediaType) || bytes > LARGEST_SHOWN) return null;
      const content = readAttachment(services.store(), attachment);
      return { mediaType, base64: content.toString('base64') };
    },
    'attachment.save': async ({ run, sha256 }) => {
      const attachment = await attachmentOf(run, sha256);
      const content = readAttachment(services.store(), attachment);
      const file = await chooseAttachmentFile(window(), attachment.name);
      if (file === null) return null;
      await writeFile(file, content).catch((error: unknown) => {
        throw notSaved(file, error);
      });
      return file;
    },
  };
}

function unknown(): MusterError {
  return new MusterError({
    code: 'attachment-unknown',
    what: 'This run has no such attachment.',
    safe: 'Nothing was changed.',
    next: 'Open the run again.',
  });
}

function notSaved(file: string, error: unknown): MusterError {
  return new MusterError({
    code: 'attachment-not-saved',
    what: `The attachment could not be written to ${file}.`,
    safe: 'The one in the record is not affected.',
    next: 'Choose another folder, or free some space, then save it again.',
    place: { file },
    detail: error instanceof Error ? error.message : String(error),
  });
}
