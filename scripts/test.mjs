// SPDX-License-Identifier: MIT
// `npm test`: every gate and every suite, whatever fails first, then one line that counts them all. Assumes
// `npm run build`. A gate (format, lint, types, generated files) counts as one test.
//
//   npm test                                  all of it
//   npm test -- --thorough                    also the native tests under sanitizers, and fuzzing (what CI runs)
//   npm test -- --thorough --fuzz-seconds 600 the same, fuzzing for longer
//   npm test -- test/unit/session             only these files, no gates

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { run, runVisibly } from './command.mjs';
import { fuzz } from './fuzz.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** One command each, defined once in package.json; cheapest first. */
const gates = [
  { name: 'format', script: 'format:check' },
  { name: 'lint', script: 'lint' },
  { name: 'types', script: 'types' },
  { name: 'generated files', script: 'contract', options: ['--check'] },
  { name: 'conformance table', script: 'conformance', options: ['--check'] },
];

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { thorough: { type: 'boolean' }, 'fuzz-seconds': { type: 'string', default: '60' } },
});

const env = {
  ...process.env,
  PATH: join(root, 'node_modules', '.bin') + delimiter + process.env.PATH,
  npm_config_loglevel: 'error',
};

const counts = { passed: 0, failed: [], skipped: [] };

function add({ passed, failed, skipped }) {
  counts.passed += passed;
  counts.failed.push(...failed);
  counts.skipped.push(...skipped);
}

const missing = whatIsNotBuilt();
if (missing.length > 0) {
  console.error(`Not built: ${missing.join(', ')}. Run \`npm run build\` first.`);
  process.exit(1);
}
for (const note of whatIsStale()) console.log(`note: ${note}`);

await runVisibly(process.execPath, ['scripts/lab-packages.mjs'], { cwd: root, env });
if (files.length === 0) for (const gate of gates) add(await runGate(gate));
add(await runSuites(files));
if (options.thorough) {
  add(await runSuites(['--project=native'], { MIF_SANITIZE: 'address' }, 'under sanitizers: '));
  add(await fuzz(root, env, Number(options['fuzz-seconds'])));
}
report();
process.exitCode = counts.failed.length > 0 ? 1 : 0;

async function runGate({ name, script, options: extra = [] }) {
  const { code, output } = await run('npm', ['run', '--silent', script, '--', ...extra], { cwd: root, env });
  if (code === 0) {
    console.log(`ok     ${name}`);
    return { passed: 1, failed: [], skipped: [] };
  }
  console.log(`FAILED ${name} (npm run ${script})\n${output}`);
  return { passed: 0, failed: [`${name} (npm run ${script})`], skipped: [] };
}

/** Runs vitest on some files or projects; `prefix` tells in the report which run a test belongs to. */
async function runSuites(selection, extraEnv = {}, prefix = '') {
  const folder = mkdtempSync(join(tmpdir(), 'mif-test-'));
  const file = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=./scripts/test-reporter.mjs'];
    const code = await runVisibly('vitest', ['run', ...reporters, ...selection], {
      cwd: root,
      env: { ...env, ...extraEnv, MIF_TEST_REPORT: file },
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

function whatIsNotBuilt() {
  const built = ['Release', 'Debug'].some((type) => existsSync(join(root, 'build', type, 'node-mif.node')));
  const missing = [];
  if (!built && !existsSync(join(root, 'prebuilds'))) missing.push('the native library (build/Release/node-mif.node)');
  if (!existsSync(join(root, 'dist', 'index.js'))) missing.push('the package (dist/index.js)');
  return missing;
}

/** Tests of an old build prove nothing about the sources; say so, and let the reader decide. */
function whatIsStale() {
  const notes = [];
  const library = join(root, 'build', 'Release', 'node-mif.node');
  if (existsSync(library) && newestIn('native', /\.(cc|h)$/) > statSync(library).mtimeMs) {
    notes.push('native/ has changed since the native library was built (npm run build:native)');
  }
  if (newestIn('lib', /\.ts$/) > statSync(join(root, 'dist', 'index.js')).mtimeMs) {
    notes.push('lib/ has changed since dist/ was built (npm run build:lib)');
  }
  return notes;
}

function newestIn(folder, pattern) {
  const names = readdirSync(join(root, folder), { recursive: true }).filter((name) => pattern.test(name));
  return Math.max(0, ...names.map((name) => statSync(join(root, folder, name)).mtimeMs));
}

function report() {
  for (const reason of new Set(counts.skipped.map((test) => test.reason))) {
    console.log(`\nskipped, ${reason}:`);
    for (const test of counts.skipped) if (test.reason === reason) console.log(`  ${test.title}`);
  }
  if (counts.failed.length > 0) console.log('\nfailed:');
  for (const title of counts.failed) console.log(`  ${title}`);
  console.log(`\n${counts.passed} passed, ${counts.failed.length} failed, ${counts.skipped.length} skipped`);
}
