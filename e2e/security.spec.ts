import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type ElectronApplication, expect, type Page, test } from '@playwright/test';
import type { Bridge } from '../src/shared/ipc.ts';
import { type Launched, launch } from './launch.ts';

/** Plays a page that was taken over: each test tries one way out, and finds it shut. */

declare const window: Window & typeof globalThis & { muster: Bridge };

let launched: Launched;
let app: ElectronApplication;
let page: Page;
/** A server on loopback that must never be reached from the page. */
let server: Server;
let reached = 0;

test.beforeAll(async () => {
  server = createServer((_request, response) => {
    reached += 1;
    response.end('<title>elsewhere</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

test.afterAll(() => server.close());

test.beforeEach(async () => {
  reached = 0;
  launched = await launch();
  ({ app, page } = launched);
});

test.afterEach(() => launched.close());

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

async function ask(name: string, payload?: unknown): Promise<unknown> {
  return page.evaluate(
    async ([n, p]) => {
      try {
        return await window.muster.request(n as string, p);
      } catch (error) {
        return { thrown: String(error) };
      }
    },
    [name, payload],
  );
}

/** What the page's policy refused while `work` ran in it. */
async function refusedBy(work: string): Promise<string[]> {
  return page.evaluate(
    async (source) => {
      const refused: string[] = [];
      const note = (event: SecurityPolicyViolationEvent) =>
        void refused.push(event.effectiveDirective);
      document.addEventListener('securitypolicyviolation', note);
      const script: Record<string, () => void> = {
        image: () => {
          document.body.append(Object.assign(new Image(), { src: source.address }));
        },
        script: () => {
          const element = document.createElement('script');
          document.body.append(Object.assign(element, { src: `${source.address}x.js` }));
        },
        inline: () => {
          const element = document.createElement('script');
          element.textContent = 'window.inlineRan = true';
          document.body.append(element);
        },
        frame: () => {
          document.body.append(
            Object.assign(document.createElement('iframe'), { src: source.address }),
          );
        },
        style: () => {
          const element = document.createElement('link');
          document.head.append(Object.assign(element, { rel: 'stylesheet', href: source.address }));
        },
        form: () => {
          const form = document.createElement('form');
          document.body.append(Object.assign(form, { action: source.address, method: 'post' }));
          form.submit();
        },
        worker: () => {
          new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])));
        },
      };
      try {
        script[source.work]?.();
      } catch {
        // Some refusals are thrown as well.
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
      document.removeEventListener('securitypolicyviolation', note);
      return refused;
    },
    { work, address: address() },
  );
}

test('the page has no Node and no Electron', async () => {
  const found = await page.evaluate(() => {
    const names = ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'electron'];
    return names.filter((name) => name in globalThis);
  });
  expect(found).toEqual([]);
  expect(await page.evaluate(() => Object.keys(window.muster).sort())).toEqual([
    'listen',
    'pathOfDropped',
    'request',
  ]);
  const constructed = await page.evaluate(() => {
    try {
      // The way out that a leaked function of another world would offer.
      const make = window.muster.request.constructor as (code: string) => () => unknown;
      return String(make('return typeof process')());
    } catch (error) {
      return (error as Error).name;
    }
  });
  expect(['EvalError', 'undefined']).toContain(constructed);
});

test('the preferences of the window are the strict ones', async () => {
  const preferences = () =>
    app.evaluate(({ webContents }) => {
      const [contents] = webContents.getAllWebContents();
      return (
        contents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      ).getLastWebPreferences();
    });
  // While the app is still loading, its collector may take the driver's own promise.
  await expect
    .poll(() => preferences().catch(() => null))
    .toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
});

test('no window opens', async () => {
  const opened = await page.evaluate((url) => {
    const link = Object.assign(document.createElement('a'), { href: url, target: '_blank' });
    document.body.append(link);
    link.click();
    return [window.open(url), window.open('about:blank'), window.open('muster://app/')].map(
      (other) => other === null,
    );
  }, address());
  expect(opened).toEqual([true, true, true]);
  expect(app.windows()).toHaveLength(1);
  expect(reached).toBe(0);
});

for (const target of ['http', 'file:///etc/hostname', 'data:text/html,x', 'about:blank']) {
  test(`the page does not go to ${target}`, async () => {
    const before = page.url();
    await page.evaluate(
      (url) => {
        location.href = url;
      },
      target === 'http' ? address() : target,
    );
    await page.waitForTimeout(300);
    // `about:blank` cannot be stopped, only left again.
    await expect.poll(() => page.url()).toBe(before);
    expect(reached).toBe(0);
  });
}

for (const [work, directive] of [
  ['image', 'img-src'],
  ['script', 'script-src-elem'],
  ['inline', 'script-src-elem'],
  ['style', 'style-src-elem'],
  ['frame', 'frame-src'],
  ['form', 'form-action'],
  ['worker', 'worker-src'],
]) {
  test(`the policy refuses: ${work}`, async () => {
    expect(await refusedBy(work ?? '')).toContain(directive);
    expect(await page.evaluate(() => 'inlineRan' in window)).toBe(false);
    expect(reached).toBe(0);
  });
}

test('nothing is fetched, from outside or from the app', async () => {
  const results = await page.evaluate(async (url) => {
    const tries = [
      () => fetch(url),
      () => fetch(url, { mode: 'no-cors' }),
      () => fetch('muster://app/index.html'),
      () => fetch('file:///etc/hostname'),
      async () => {
        if (!navigator.sendBeacon(url)) throw new Error('no beacon');
        // A queued beacon tells nothing; the server counts.
        throw new Error('queued');
      },
      () =>
        new Promise((resolve, reject) => {
          const socket = new WebSocket(url.replace('http', 'ws'));
          socket.onopen = resolve;
          socket.onerror = reject;
        }),
    ];
    const settled = await Promise.allSettled(tries.map(async (attempt) => attempt()));
    return settled.map(({ status }) => status);
  }, address());
  expect(results).toEqual(results.map(() => 'rejected'));
  await page.waitForTimeout(300);
  expect(reached).toBe(0);
});

test('text is not run as code', async () => {
  const ran = await page.evaluate(() => {
    try {
      // biome-ignore lint/security/noGlobalEval: this is what must not work.
      return eval('1 + 1') as number;
    } catch (error) {
      return (error as Error).name;
    }
  });
  // Playwright's own evaluation is exempt from the policy in some versions, so the page's own
  // way to eval, a timer with text, is tried too.
  expect([2, 'EvalError']).toContain(ran);
  await page.evaluate(() => {
    (setTimeout as unknown as (code: string) => void)('window.timerRan = true');
  });
  await page.waitForTimeout(200);
  expect(await page.evaluate(() => 'timerRan' in window)).toBe(false);
});

test('every permission is denied', async () => {
  const states = await page.evaluate(async () => {
    const answers: Record<string, string> = {};
    for (const name of ['geolocation', 'camera', 'microphone', 'notifications', 'midi']) {
      const status = await navigator.permissions
        .query({ name: name as PermissionName })
        .catch(() => ({ state: 'denied' }));
      answers[name] = status.state;
    }
    answers.readClipboard = await navigator.clipboard.readText().then(
      () => 'granted',
      () => 'denied',
    );
    answers.media = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'granted',
      () => 'denied',
    );
    answers.asked = await Notification.requestPermission();
    return answers;
  });
  for (const [name, state] of Object.entries(states))
    expect(`${name}: ${state}`).toMatch(/denied$/);
});

test('an embedded page is not attached', async () => {
  await page.evaluate((url) => {
    document.body.append(Object.assign(document.createElement('webview'), { src: url }));
  }, address());
  await page.waitForTimeout(300);
  const kinds = await app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => contents.getType()),
  );
  expect(kinds).toEqual(['window']);
  expect(reached).toBe(0);
});

test('forged requests are refused', async () => {
  expect(await ask('fs.readFile', { path: '/etc/passwd' })).toMatchObject({
    thrown: expect.stringContaining('no request'),
  });
  expect(await ask('__proto__', {})).toMatchObject({ thrown: expect.any(String) });
  for (const [name, payload] of [
    ['terminal.resize', { terminal: 'x', columns: -1, rows: 1e9 }],
    ['run.command', { run: 'x', command: { kind: 'erase' } }],
    ['settings.set', { theme: 'javascript:' }],
    ['runbook.open', '/etc/passwd'],
    ['library.list', { path: '/' }],
  ] as const) {
    expect(await ask(name, payload)).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  }
});

test('requests do not open what is no runbook', async () => {
  const binary = join(launched.home, 'binary.md');
  writeFileSync(binary, Buffer.from([1, 0, 2]));
  for (const [path, code] of [
    ['/etc/passwd', 'not-markdown'],
    ['guide.md', 'path-not-absolute'],
    [binary, 'not-text'],
  ] as const) {
    expect(await ask('runbook.open', { path })).toMatchObject({ ok: false, problem: { code } });
  }
  expect(await ask('link.open', { url: 'file:///etc/passwd' })).toMatchObject({
    ok: false,
    problem: { code: 'link-refused' },
  });
});

test('a request from a frame inside the page is refused', async () => {
  const reply = await app.evaluate(async ({ BrowserWindow, ipcMain }) => {
    const [window] = BrowserWindow.getAllWindows();
    const contents = window?.webContents;
    const handlers = (
      ipcMain as unknown as {
        _invokeHandlers: Map<string, (event: unknown, ...args: unknown[]) => unknown>;
      }
    )._invokeHandlers;
    const handler = handlers.get('muster:request');
    const frame = (url: string, parent: unknown) => ({ url, parent });
    const main = contents?.mainFrame;
    const strangers = [
      { sender: contents, senderFrame: frame('muster://app/index.html', main) },
      { sender: contents, senderFrame: frame('https://example.org/', null) },
      { sender: {}, senderFrame: frame('muster://app/index.html', null) },
      { sender: contents, senderFrame: null },
    ];
    return Promise.all(
      strangers.map((event) => {
        // Electron gives handlers a reply function where it calls them itself.
        let answer: unknown;
        const given = {
          ...event,
          _replyChannel: { sendReply: (value: unknown) => (answer = value) },
        };
        return Promise.resolve(handler?.(given, 'app.info', undefined)).then(
          (value) => value ?? answer,
        );
      }),
    );
  });
  for (const answer of reply) {
    expect(JSON.stringify(answer)).toContain('sender-refused');
  }
});

test('the app serves its own files and nothing else', async () => {
  const statuses = await app.evaluate(async ({ session }) => {
    const urls = [
      'muster://app/index.html',
      'muster://app/../../etc/passwd',
      'muster://app/..%2f..%2f..%2f..%2fetc/passwd',
      'muster://app/..%2fmain%2findex.js',
      'muster://other/index.html',
    ];
    const answers = [];
    for (const url of urls) {
      const response = await session.defaultSession.fetch(url);
      const policy = response.headers.get('content-security-policy') ?? '';
      answers.push([response.status, policy.includes("default-src 'none'")]);
    }
    return answers;
  });
  expect(statuses).toEqual([
    [200, true],
    [404, true],
    [403, true],
    [403, true],
    [403, true],
  ]);
});
