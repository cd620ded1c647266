import { type BrowserWindow, dialog } from 'electron';

/** The system's dialogs. Each answers null when it was dismissed. */

export async function chooseRunbook(window: BrowserWindow): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Open a runbook',
    properties: ['openFile'],
    filters: [{ name: 'Markdown', extensions: ['md', 'markdown'] }],
  });
  return canceled ? null : (filePaths[0] ?? null);
}

export async function chooseFolder(window: BrowserWindow): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Add a folder of runbooks',
    properties: ['openDirectory'],
  });
  return canceled ? null : (filePaths[0] ?? null);
}

export async function chooseReportFile(
  window: BrowserWindow,
  name: string,
  extension: string,
): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Save the report',
    defaultPath: name,
    filters: [{ name: 'Report', extensions: [extension] }],
  });
  return canceled || !filePath ? null : filePath;
}

export async function chooseExportFile(
  window: BrowserWindow,
  name: string,
  extension: 'html' | 'pdf',
): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Export',
    defaultPath: name,
    filters: [{ name: extension === 'pdf' ? 'PDF' : 'Web page', extensions: [extension] }],
  });
  return canceled || !filePath ? null : filePath;
}

export async function chooseAttachmentFile(
  window: BrowserWindow,
  name: string,
): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Save the attachment',
    defaultPath: name,
  });
  return canceled || !filePath ? null : filePath;
}

/** Files in which runs are handed over. */
const bundles = { name: 'Handed-over run', extensions: ['muster'] };

export async function chooseNewBundle(window: BrowserWindow, name: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Hand over the run',
    defaultPath: name,
    filters: [bundles],
  });
  return canceled || !filePath ? null : filePath;
}

export async function chooseBundle(window: BrowserWindow): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Take over a run',
    properties: ['openFile'],
    filters: [bundles, { name: 'All files', extensions: ['*'] }],
  });
  return canceled ? null : (filePaths[0] ?? null);
}

export async function confirmLink(window: BrowserWindow, address: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'Open this address in your browser?',
    detail: address,
    buttons: ['Open', 'Cancel'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  return response === 0;
}
