// What test runs sum up to, and the line that they end with.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './paths.mjs';

/** The last line of `npm test` and `npm run e2e`; others read it. */
export const lastLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** Says each failure by name with the first lines of its error, in the form that `.ci/run` gathers at its end. */
export function tellFailures({ failures = [] }) {
  for (const { name, error } of failures) {
    const lines = stripVTControlCharacters(error ?? '')
      .split('\n')
      .filter((line) => line.trim());
    console.log([`FAILED ${name}`, ...lines.slice(0, 6).map((line) => `      ${line.trim().slice(0, 300)}`)].join('\n'));
  }
}

/** From Vitest's JSON report. A file that could not be loaded, or a hook that failed, is a failure even if no test of it was counted. */
export function vitestTally(file) {
  const report = readReport(file);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const uncounted = report.testResults.filter(
    (f) => f.status === 'failed' && !f.assertionResults.some((t) => t.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + uncounted;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !report.success && report.numTotalTests > 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: report.testResults.filter((f) => f.status === 'failed').flatMap(vitestFailures),
  };
}

function vitestFailures({ name, message, assertionResults }) {
  const file = path.relative(root, name ?? '');
  const failed = assertionResults.filter((t) => t.status === 'failed');
  if (failed.length === 0) return [{ name: file, error: message }];
  return failed.map((t) => ({ name: `${file} › ${t.fullName}`, error: t.failureMessages?.join('\n') }));
}

/** From Playwright's JSON report. One that passed only when repeated has failed. */
export function playwrightTally(file) {
  const report = readReport(file);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  const failed = unexpected + flaky;
  const failures = [
    ...(report.suites ?? []).flatMap(playwrightFailures),
    ...report.errors.map((e) => ({ name: 'Playwright', error: e.message })),
  ];
  return { passed: expected, failed: failed === 0 && report.errors.length > 0 ? 1 : failed, skipped, failures };
}

/** Of a file or a group in it, which hold others. */
function playwrightFailures({ title, specs = [], suites = [] }) {
  const own = specs
    .filter((spec) => spec.tests.some((t) => t.status === 'unexpected' || t.status === 'flaky'))
    .map((spec) => ({
      name: spec.title,
      error: spec.tests.flatMap((t) => t.results).find((r) => r.error)?.error.message,
    }));
  return [...own, ...suites.flatMap(playwrightFailures)].map(({ name, error }) => ({ name: `${title} › ${name}`, error }));
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
