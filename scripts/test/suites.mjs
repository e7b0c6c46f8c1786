// SPDX-License-Identifier: MIT
// Runs vitest and counts what came of it.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runVisibly } from '../command.mjs';

/**
 * Runs vitest on some files or projects.
 * @param stage tells in the report which run a test belongs to
 */
export async function runSuites(root, env, selection, stage = '') {
  const prefix = stage === '' ? '' : `${stage}: `;
  const folder = mkdtempSync(join(tmpdir(), 'mif-test-'));
  const file = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=./scripts/test-reporter.mjs'];
    const code = await runVisibly('vitest', ['run', ...reporters, ...selection], {
      cwd: root,
      env: { ...env, MIF_TEST_REPORT: file },
    });
    if (!existsSync(file)) return { passed: 0, failed: [`${prefix}vitest ended without a report`], skipped: [] };
    const { passed, failed, skipped } = JSON.parse(readFileSync(file, 'utf8'));
    if (code !== 0 && failed.length === 0) failed.push(`vitest ended with ${code}`);
    return {
      passed,
      failed: failed.map((title) => prefix + title),
      skipped: skipped.map(({ title, reason }) => ({ title: prefix + title, reason })),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
