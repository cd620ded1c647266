import { useState } from 'react';
import { isImage } from '../../core/attachments/attachment.ts';
import type { Attachment } from '../../core/run/state.ts';
import { formatBytes } from '../../core/units.ts';
import { ask } from '../bridge.ts';
import { Dialog } from '../controls/Dialog.tsx';
import { When } from '../controls/When.tsx';
import { announce } from '../shell/announce.ts';
import { report } from '../shell/problems.ts';
import styles from './AttachmentList.module.css';
import { usePicture } from './picture.ts';

interface Props {
  run: string;
  attachments: readonly Attachment[];
}

/** Attached files, newest first: pictures as pictures, others by name. */
export function AttachmentList({ run, attachments }: Props) {
  const [shown, setShown] = useState<Attachment | null>(null);
  return (
    <>
      <ul className={styles.list}>
        {attachments.toReversed().map((attachment) => (
          <li key={`${attachment.at} ${attachment.sha256}`}>
            {isImage(attachment.mediaType) && (
              <Thumbnail run={run} attachment={attachment} onOpen={() => setShown(attachment)} />
            )}
            <div className={styles.words}>
              <p className={styles.name} title={attachment.name}>
                {attachment.name}
              </p>
              <p className={styles.about}>
                {formatBytes(attachment.bytes)}, {attachment.by}, <When at={attachment.at} />
              </p>
              <button
                type="button"
                aria-label={`Save ${attachment.name}`}
                onClick={() => save(run, attachment)}
              >
                Save…
              </button>
            </div>
          </li>
        ))}
      </ul>
      {shown !== null && (
        <Dialog title={shown.name} width="wide" onClose={() => setShown(null)}>
          <Picture run={run} attachment={shown} className={styles.large} />
        </Dialog>
      )}
    </>
  );
}

function save(run: string, { sha256 }: Attachment): void {
  ask('attachment.save', { run, sha256 }).then((file) => {
    if (file !== null) announce(`Saved to ${file}.`);
  }, report);
}

interface PictureProps {
  run: string;
  attachment: Attachment;
}

function Thumbnail({ run, attachment, onOpen }: PictureProps & { onOpen: () => void }) {
  return (
    <button
      type="button"
      className={styles.thumbnail}
      aria-label={`Show ${attachment.name}`}
      onClick={onOpen}
    >
      <Picture run={run} attachment={attachment} className={styles.small} />
    </button>
  );
}

function Picture({ run, attachment, className }: PictureProps & { className: string | undefined }) {
  const picture = usePicture(run, attachment.sha256);
  if (picture === 'none') return <span className={styles.none}>Too large to show. Save it.</span>;
  if (picture === 'loading') return <span className={className} />;
  return <img className={className} src={picture} alt={attachment.name} />;
}
