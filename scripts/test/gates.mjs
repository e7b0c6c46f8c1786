// SPDX-License-Identifier: MIT
// The gates: checks of the sources that run no test. Each counts as one.

import { run } from '../command.mjs';

/** One command each, defined once in package.json; cheapest first. */
const gates = [
  { name: 'format', script: 'format:check' },
  { name: 'lint', script: 'lint' },
  { name: 'types', script: 'types' },
  { name: 'generated files', script: 'contract', options: ['--check'] },
  { name: 'conformance table', script: 'conformance', options: ['--check'] },
];

/** @returns what became of each gate, for the report */
export async function runGates(root, env) {
  const counts = { passed: 0, failed: [], skipped: [] };
  for (const { name, script, options = [] } of gates) {
    const { code, output } = await run('npm', ['run', '--silent', script, '--', ...options], { cwd: root, env });
    if (code === 0) {
      console.log(`ok     ${name}`);
      counts.passed++;
    } else {
      console.log(`FAILED ${name} (npm run ${script})\n${output}`);
      counts.failed.push(`${name} (npm run ${script})`);
    }
  }
  return counts;
}
