import { fileName } from '../../core/library/title.ts';
import { formatCount } from '../../core/units.ts';
import type { LibraryGroup } from '../../shared/ipc.ts';
import { Button } from '../controls/Button.tsx';
import { FolderExport } from './FolderExport.tsx';
import { FolderGit } from './FolderGit.tsx';
import styles from './Library.module.css';
import { removeFolder } from './store.ts';

const names = {
  pinned: 'Pinned',
  bundled: 'Bundled with Muster',
  recent: 'Opened recently',
} as const;

export function GroupRow({ group, shown }: { group: LibraryGroup; shown: number }) {
  const name = group.source === 'folder' ? group.name || fileName(group.path) : names[group.source];
  const isEmpty = shown === 0 && group.problems.length === 0 && group.unread === 0;
  return (
    <div className={styles.group}>
      <h2>{name}</h2>
      <span className={styles.count}>
        {shown === 1 ? '1 runbook' : `${formatCount(shown)} runbooks`}
        {group.unread > 0 && `, reading ${formatCount(group.unread)} more`}
        {isEmpty && ': no Markdown file in this folder'}
      </span>
      {group.source === 'folder' && (
        <>
          <FolderGit path={group.path} />
          <span className={styles.path} title={group.path}>
            <bdi>{group.path}</bdi>
          </span>
          <FolderExport path={group.path} name={name} />
          <Button
            look="quiet"
            aria-label={`Remove folder ${name} from the library`}
            onClick={() => removeFolder(group.path)}
          >
            Remove
          </Button>
        </>
      )}
    </div>
  );
}
