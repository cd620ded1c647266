import { Button } from '../controls/Button.tsx';
import { exportFolder, useSaved } from './paper.ts';

/** Writes all runbooks of a folder into one file that is read without Muster. */
export function FolderExport({ path, name }: { path: string; name: string }) {
  const saved = useSaved((last) => (last?.path === path ? last.words : null));
  return (
    <>
      <span role="status">{saved}</span>
      <Button
        look="quiet"
        aria-label={`Export folder ${name} as one HTML file`}
        onClick={() => exportFolder(path)}
      >
        Export…
      </Button>
    </>
  );
}
