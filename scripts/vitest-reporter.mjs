import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { root } from './project.mjs';
import { failure } from './test-count.mjs';

/**
 * Counts a vitest run as the last lines of `npm test` tell it, into the file that
 * `MUSTER_TEST_REPORT` names. Vitest's own JSON leaves out errors outside any test, which end the
 * run as failed all the same.
 */
export default class CountReporter {
  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<import('vitest/node').SerializedError>} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    let passed = 0;
    /** @type {string[]} */
    const failures = [];
    for (const module of modules) {
      const file = relative(root, module.moduleId);
      let failedTests = 0;
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        if (state === 'passed') passed++;
        if (state !== 'failed') continue;
        failedTests++;
        failures.push(failure(`${file} › ${test.fullName}`, errors[0]?.message));
      }
      // A file that cannot even be loaded, or a hook around all of its tests, is a failure itself.
      if (module.state() !== 'passed' && module.state() !== 'skipped' && failedTests === 0) {
        failures.push(failure(file, module.errors()[0]?.message ?? 'the file did not finish'));
      }
    }
    for (const error of unhandledErrors) failures.push(failure('outside any test', error.message));

    const report = process.env.MUSTER_TEST_REPORT;
    if (report === undefined) throw new Error('MUSTER_TEST_REPORT must name the file to write.');
    mkdirSync(dirname(report), { recursive: true });
    writeFileSync(report, JSON.stringify({ passed, failures }));
  }
}
