// SPDX-License-Identifier: MIT
// A vitest reporter that writes what became of each test to the file named by MIF_TEST_REPORT, for scripts/test.mjs
// to count. A file that does not load, a hook that throws and an error outside any test are failures of their own;
// tests that such a hook kept from running count as failed, and so does a skip that does not say why.

import { writeFileSync } from 'node:fs';

/** Vitest finds a reporter by its default export. */
export default class CountingReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const report = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      for (const error of module.errors()) report.failed.push(`${module.relativeModuleId}: ${error.message}`);
      for (const suite of module.children.allSuites()) {
        for (const error of suite.errors()) report.failed.push(`${suite.fullName}: ${error.message}`);
      }
      for (const test of module.children.allTests()) this.#count(test, report);
    }
    for (const error of unhandledErrors) report.failed.push(`outside any test: ${error.message}`);
    const file = process.env.MIF_TEST_REPORT;
    if (file) writeFileSync(file, JSON.stringify(report));
  }

  #count(test, report) {
    const { state } = test.result();
    if (state === 'passed') report.passed++;
    else if (state === 'failed') report.failed.push(test.fullName);
    else if (wasStopped(test)) report.failed.push(`${test.fullName}: not run, a hook before it failed`);
    else if (reasonOf(test)) report.skipped.push({ title: test.fullName, reason: reasonOf(test) });
    else report.failed.push(`${test.fullName}: ${state} without a reason`);
  }
}

/** Why a test was skipped: the note given with the skip, or the need that a title around it names. */
function reasonOf(test) {
  return test.result().note ?? /needs [^)>]+/.exec(test.fullName)?.[0].trim();
}

/** Whether a failing hook around the test kept it from running. */
function wasStopped(test) {
  for (let around = test.parent; around; around = around.parent) {
    if (around.errors().length > 0) return true;
  }
  return false;
}
