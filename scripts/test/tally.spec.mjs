import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lastLine, playwrightTally, vitestTally } from '../lib/tally.mjs';

const folder = mkdtempSync(path.join(os.tmpdir(), 'fairlead-tally-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const report = (content) => {
  const file = path.join(folder, 'report.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
};

describe('the tally', () => {
  it('counts tests', () => {
    const file = report({
      success: true,
      numTotalTests: 6,
      numPassedTests: 3,
      numFailedTests: 0,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [],
    });
    expect(lastLine(vitestTally(file))).toBe('3 passed, 0 failed, 3 skipped');
  });

  it('counts a file that could not be loaded as a failure', () => {
    const testResults = [{ status: 'failed', assertionResults: [] }];
    const file = report({
      success: false,
      numTotalTests: 1,
      numPassedTests: 1,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      testResults,
    });
    expect(vitestTally(file).failed).toBe(1);
  });

  it('counts a missing report as a failure', () => {
    expect(vitestTally(path.join(folder, 'none.json')).failed).toBe(1);
    expect(playwrightTally(path.join(folder, 'none.json')).failed).toBe(1);
  });

  it('counts a browser test that passed only when repeated as a failure', () => {
    const file = report({ stats: { expected: 2, unexpected: 0, flaky: 1, skipped: 1 }, errors: [] });
    expect(playwrightTally(file)).toEqual({ passed: 2, failed: 1, skipped: 1 });
  });
});
