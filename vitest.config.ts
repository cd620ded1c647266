import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
    // Engine tests start processes and write to disk.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
