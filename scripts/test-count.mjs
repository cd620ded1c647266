import { stripVTControlCharacters } from 'node:util';

/**
 * What a part of the tests came to: how many passed, and a line for each that did not.
 *
 * @typedef {{ passed: number, failures: string[] }} Count
 */

const longest = 300;

/**
 * One line about something that failed: its name, and the first line of why.
 *
 * @param {string} name
 * @param {string} [why]
 */
export function failure(name, why = '') {
  const [reason = ''] = stripVTControlCharacters(why).trim().split('\n');
  return (reason === '' ? name : `${name}: ${reason}`).slice(0, longest);
}

/**
 * The count of a Playwright run, from its JSON report.
 *
 * @param {import('@playwright/test/reporter').JSONReport} report
 * @returns {Count}
 */
export function playwrightCount({ suites, errors, stats }) {
  /** @type {(suite: import('@playwright/test/reporter').JSONReportSuite) => string[]} */
  const failuresIn = ({ specs, suites: inner = [] }) => [
    ...specs.flatMap(({ file, line, title, tests }) =>
      tests
        .filter(({ status }) => status === 'unexpected' || status === 'flaky')
        .map(({ results }) =>
          failure(
            `e2e/${file}:${line} › ${title}`,
            results.find((result) => result.error)?.error?.message,
          ),
        ),
    ),
    ...inner.flatMap(failuresIn),
  ];
  return {
    passed: stats.expected,
    failures: [
      ...suites.flatMap(failuresIn),
      ...errors.map((error) => failure('outside any test', error.message)),
    ],
  };
}
