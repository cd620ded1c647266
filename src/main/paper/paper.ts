import { BrowserWindow, type Session, session, type WebContents } from 'electron';
import { APP_SCHEME } from '../security/asset-path.ts';
import { lockSession } from '../security/lock-down.ts';

const PAPER_URL = `${APP_SCHEME}://paper/`;

/** The page may show its text and its style, and nothing else: no script runs in it. */
const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
  'X-Content-Type-Options': 'nosniff',
};

/** What is laid out now, by address. */
const pages = new Map<string, string>();
let papers = 0;
let paperSession: Session | null = null;

/** A session in memory that serves the pages above and reaches nothing else. */
function ownSession(): Session {
  if (paperSession !== null) return paperSession;
  paperSession = session.fromPartition('paper', { cache: false });
  lockSession(paperSession, false);
  paperSession.protocol.handle(APP_SCHEME, ({ url }) => {
    const html = pages.get(url);
    return html === undefined
      ? new Response(null, { status: 404 })
      : new Response(html, { headers: HEADERS });
  });
  return paperSession;
}

/**
 * Lays an HTML file out in a window that is never seen, without preload script, script, storage or
 * network, and closes it when `work` is done with it.
 */
export async function onPaper<T>(
  html: string,
  work: (contents: WebContents) => Promise<T>,
): Promise<T> {
  papers += 1;
  const url = `${PAPER_URL}${papers}`;
  pages.set(url, html);
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      session: ownSession(),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      javascript: false,
      webSecurity: true,
      webviewTag: false,
      images: false,
      spellcheck: false,
      devTools: false,
    },
  });
  try {
    await window.loadURL(url);
    return await work(window.webContents);
  } finally {
    if (!window.isDestroyed()) window.destroy();
    pages.delete(url);
  }
}

/** The pages of an HTML file as PDF, with page numbers, an outline and tags for screen readers. */
export function pdfOf(html: string): Promise<Buffer> {
  return onPaper(html, (contents) =>
    contents.printToPDF({
      pageSize: 'A4',
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: FOOTER,
      generateTaggedPDF: true,
      generateDocumentOutline: true,
    }),
  );
}

const FOOTER = `<div style="width:100%;margin:0 14mm;font:8px sans-serif;color:#444;display:flex;justify-content:space-between"><span class="title"></span><span><span class="pageNumber"></span> / <span class="totalPages"></span></span></div>`;

/** Shows the system's print dialog for an HTML file. False when it was dismissed. */
export function print(html: string): Promise<boolean> {
  return onPaper(
    html,
    (contents) =>
      new Promise((resolve, reject) => {
        contents.print({ silent: false, printBackground: true }, (success, reason) => {
          if (success || /cancel/i.test(reason)) resolve(success);
          else reject(new Error(reason));
        });
      }),
  );
}
