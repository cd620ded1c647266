import { defineConfig } from 'vitest/config';

/** Tests against real servers: they share them, and some stop one for a while. */
const onTheRange = '**/*.range.test.ts';

const limits = {
  // Engine tests start processes and write to disk.
  testTimeout: 30_000,
  hookTimeout: 30_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          exclude: [onTheRange, '**/node_modules/**'],
          sequence: { groupOrder: 0 },
          ...limits,
        },
      },
      {
        test: {
          name: 'range',
          include: [`src/${onTheRange}`],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          ...limits,
        },
      },
    ],
  },
});
