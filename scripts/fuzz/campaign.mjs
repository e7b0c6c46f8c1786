// SPDX-License-Identifier: MIT
// A bounded run of libFuzzer over its targets (test/fuzz), under AddressSanitizer and UndefinedBehaviorSanitizer. What it
// finds is kept in build/fuzz/findings, and said with the command that shows it again.

import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from '../command.mjs';

/** The programs of test/fuzz/CMakeLists.txt, and the longest input that is tried, bytes. */
export const targets = [
  { name: 'wire', maxLength: 4096 },
  // A longer script is slower than it is good.
  { name: 'stream', maxLength: 1024 },
];

const compilers = ['clang++-19', 'clang++'];

/** Of an input, seconds and MiB: far beyond what any takes, so more is a loop or a leak. */
const limits = ['-timeout=20', '-rss_limit_mb=1024'];

/** Inputs and stacks are short; a large quarantine only makes a machine with little memory slow. */
const asanOptions = 'malloc_context_size=8:quarantine_size_mb=16:detect_stack_use_after_return=0';

/**
 * Fuzzes, both targets at once when both are chosen.
 * @param seconds shared by the targets
 * @returns what became of each target, for the report of scripts/test.mjs
 */
export async function fuzz(root, env, seconds, chosen = targets) {
  const built = await prepare(root, env);
  if (built.reason) return { passed: 0, failed: [], skipped: chosen.map(({ name }) => skip(name, built.reason)) };
  if (built.error) {
    console.log(`FAILED fuzzing\n${built.error}`);
    return { passed: 0, failed: ['fuzzing: the programs are not built'], skipped: [] };
  }
  const share = Math.max(1, Math.round(seconds / chosen.length));
  const outcomes = await Promise.all(chosen.map((target) => fuzzOne(root, env, target, share)));
  for (const { text } of outcomes) console.log(text);
  return {
    passed: outcomes.filter(({ isFine }) => isFine).length,
    failed: outcomes.filter(({ isFine }) => !isFine).map(({ title }) => title),
    skipped: [],
  };
}

/**
 * Builds the programs and writes what they begin with, into build/fuzz/seeds and build/fuzz/found.
 * @returns why there cannot be any, or what the compiler says against them; neither when all is there
 */
export async function prepare(root, env) {
  const compiler = await findCompiler(root, env);
  if (compiler === undefined) return { reason: 'needs clang with libFuzzer (Debian: clang-19, libclang-rt-19-dev)' };
  const folder = folderOf(root);
  const hasNinja = (await run('ninja', ['--version'], { env })).code === 0;
  const options = [`-DCMAKE_CXX_COMPILER=${compiler}`, '-DMIF_FUZZ=ON', '-DMIF_SANITIZE=address'];
  const generator = hasNinja ? ['-G', 'Ninja'] : [];
  const steps = [
    ['cmake', ['-S', root, '-B', folder, ...generator, ...options]],
    ['cmake', ['--build', folder, '--parallel', '2', '--target', 'mif-fuzz-inputs', ...targets.map(programOf)]],
    [join(folder, 'test', 'fuzz', 'mif-fuzz-inputs'), [folder]],
  ];
  for (const part of ['seeds', 'found']) rmSync(join(folder, part), { recursive: true, force: true });
  for (const [command, parameters] of steps) {
    const { code, output } = await run(command, parameters, { cwd: root, env });
    if (code !== 0) return { error: output };
  }
  for (const { name } of targets) {
    for (const part of ['corpus', 'findings']) mkdirSync(join(folder, part, name), { recursive: true });
  }
  return {};
}

/** Runs libFuzzer on a target, with folders of inputs, of which it writes to the first. */
export function runLibFuzzer(root, env, { name, maxLength }, options, folders) {
  const folder = folderOf(root);
  const program = join(folder, 'test', 'fuzz', programOf({ name }));
  const findings = `-artifact_prefix=${join(folder, 'findings', name)}/`;
  const dictionary = `-dict=${join(root, 'test', 'fuzz', 'rtnetlink.dict')}`;
  const all = [...options, ...limits, dictionary, findings, `-max_len=${maxLength}`];
  const inputs = folders.map((part) => join(folder, part, name));
  return run(program, [...all, ...inputs], { cwd: folder, env: { ...env, ASAN_OPTIONS: asanOptions } });
}

export const folderOf = (root) => join(root, 'build', 'fuzz');

async function fuzzOne(root, env, target, seconds) {
  const title = `fuzzing ${target.name}`;
  const before = new Set(findingsOf(root, target));
  const options = [`-max_total_time=${seconds}`, '-print_final_stats=1'];
  const { code, output } = await runLibFuzzer(root, env, target, options, ['corpus', 'seeds', 'found']);
  const inputs = /stat::number_of_executed_units: (\d+)/.exec(output)?.[1];
  // One round over the inputs is the least; a run without any number of them did not run.
  if (code === 0 && Number(inputs) > 0) {
    return { title, isFine: true, text: `ok     ${title}: ${inputs} inputs in ${seconds} s` };
  }
  const program = relative(root, join(folderOf(root), 'test', 'fuzz', programOf(target)));
  const found = findingsOf(root, target).filter((file) => !before.has(file));
  const again = found.flatMap((file) => [
    `to see it again: ${program} ${relative(root, file)}, which is in base 64`,
    readFileSync(file).toString('base64'),
  ]);
  return { title, isFine: false, text: [`FAILED ${title}`, output.slice(-20_000), ...again].join('\n') };
}

function findingsOf(root, { name }) {
  const folder = join(folderOf(root), 'findings', name);
  // Inputs that were merely slow, or have an odd cost, are remarks of libFuzzer and end no run.
  return readdirSync(folder)
    .filter((file) => !file.startsWith('slow-unit'))
    .map((file) => join(folder, file));
}

/** The first that can link a program with libFuzzer, which is a package of its own. */
async function findCompiler(root, env) {
  const folder = folderOf(root);
  mkdirSync(folder, { recursive: true });
  const nothing = ['-Wl,--unresolved-symbols=ignore-all', '-x', 'c++', '/dev/null', '-o', join(folder, 'probe')];
  for (const name of [...(env.CXX ? [env.CXX] : []), ...compilers]) {
    if ((await run(name, ['-fsanitize=fuzzer', ...nothing], { env })).code === 0) return name;
  }
  return undefined;
}

const programOf = ({ name }) => `mif-fuzz-${name}`;

const skip = (name, reason) => ({ title: `fuzzing ${name}`, reason });
