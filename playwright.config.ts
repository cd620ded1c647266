import { defineConfig } from '@playwright/test';

// The tests start the real Electron themselves (`_electron.launch`), so no
// browser project is configured and no browser is ever downloaded.
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  timeout: 120_000,
  expect: { timeout: 10_000 },
  // One window at a time: focus and the clipboard belong to the whole display.
  workers: 1,
  forbidOnly: process.env.CI === 'true',
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: { trace: 'retain-on-failure' },
});
