import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { fromRoot } from '../lib/paths.mjs';
import { lastLine, playwrightTally, tellFailures, vitestTally } from '../lib/tally.mjs';

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
    expect(playwrightTally(file)).toEqual({ passed: 2, failed: 1, skipped: 1, failures: [] });
  });

  it('names what failed, with the beginning of its error', () => {
    const assertionResults = [
      { status: 'passed', fullName: 'a sum holds' },
      { status: 'failed', fullName: 'a sum fails', failureMessages: ['\u001B[31mone is not two\u001B[39m\n  at here'] },
    ];
    const name = fromRoot('apps/api/test/sums.e2e.ts');
    const vitest = report({ success: false, numFailedTests: 1, testResults: [{ name, status: 'failed', assertionResults }] });
    const said = vi.spyOn(console, 'log').mockReturnValue();
    tellFailures(vitestTally(vitest));
    expect(said.mock.calls).toEqual([['FAILED apps/api/test/sums.e2e.ts › a sum fails\n      one is not two\n      at here']]);
    const specs = [{ title: 'opens', tests: [{ status: 'unexpected', results: [{ error: { message: 'it stayed shut' } }] }] }];
    const suites = [{ title: 'door.spec.ts', suites: [{ title: 'the door', specs }] }];
    const browser = report({ stats: { expected: 0, unexpected: 1, flaky: 0, skipped: 0 }, errors: [], suites });
    expect(playwrightTally(browser).failures).toEqual([{ name: 'door.spec.ts › the door › opens', error: 'it stayed shut' }]);
    said.mockRestore();
  });
});
