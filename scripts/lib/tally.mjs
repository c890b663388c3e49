// What test runs sum up to, and the line that they end with.
import { readFileSync } from 'node:fs';

/** The last line of `npm test` and `npm run e2e`; others read it. */
export const lastLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

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
  };
}

/** From Playwright's JSON report. One that passed only when repeated has failed. */
export function playwrightTally(file) {
  const report = readReport(file);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  const failed = unexpected + flaky;
  return { passed: expected, failed: failed === 0 && report.errors.length > 0 ? 1 : failed, skipped };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
