#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The command `mif`: finds the command, runs it, turns what happened into an exit code. The process ends when nothing
// is left to do, so that every line it wrote gets out.

import { readFileSync } from 'node:fs';
import { parseCommandLine } from './arguments.ts';
import type { Command, CommandOptions } from './command.ts';
import { connect } from './connect.ts';
import { demo } from './demo.ts';
import { explain } from './explain.ts';
import { errorText, exitCodeOf, exitCodes, isReportable } from './exit-code.ts';
import { fetch } from './fetch.ts';
import { overview, usage } from './help.ts';
import { ls } from './ls.ts';
import { Output } from './output.ts';
import { resolve } from './resolve.ts';
import { run } from './run.ts';
import { select } from './select.ts';
import { session } from './session.ts';
import { stats } from './stats.ts';
import { type Style, styleFor } from './style.ts';
import { watch } from './watch.ts';

const commands: readonly Command[] = [ls, watch, select, explain, resolve, session, connect, fetch, run, stats, demo];

/** How long a reader that takes nothing is waited for after a signal, milliseconds. */
const lastLinesMs = 2000;

/** Aborts when somebody asks the process to end; a second signal ends it as it would any other. SIGHUP is nohup(1)'s. */
function askedToEnd(): AbortSignal {
  const asked = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => asked.abort());
  return asked.signal;
}

async function main(words: readonly string[], output: Output, signalled: AbortSignal): Promise<number> {
  const stop = AbortSignal.any([signalled, output.closed]);
  const style = styleFor(process.stdout);
  let command: Command | undefined;
  let options: CommandOptions | undefined;
  try {
    const request = parseCommandLine(words, commands);
    if (request.kind === 'version') {
      await output.line(version());
      return exitCodes.ok;
    }
    if (request.kind === 'help') {
      await output.write(request.command ? usage(request.command, style) : overview(commands, style));
      return exitCodes.ok;
    }
    ({ command, options } = request);
    const invocation = {
      options,
      operands: request.operands,
      output,
      say,
      style,
      stop,
      get input() {
        return process.stdin;
      },
    };
    const code = await command.run(invocation);
    if (output.failure) throw output.failure;
    return signalled.aborted && !command.endsBySignal ? exitCodes.failure : code;
  } catch (error) {
    const cause = output.failure ?? error;
    if (stop.aborted && isAbort(cause)) {
      return command?.endsBySignal || !signalled.aborted ? exitCodes.ok : exitCodes.failure;
    }
    if (!isReportable(cause)) throw cause;
    await report(cause, output, options, styleFor(process.stderr));
    return exitCodeOf(cause);
  }
}

/** For people on standard error; for programs also on standard output. */
async function report(
  error: Error & { code: string },
  output: Output,
  options: CommandOptions | undefined,
  style: Style,
): Promise<void> {
  const text = errorText(error);
  if (options?.json) await output.line(JSON.stringify({ error: text }));
  say(`${style.red('mif:')} ${text.message}`);
  if (text.hint !== undefined) say(`  ${text.hint}`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || ('code' in error && error.code === 'ABORT_ERR'));
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return `mif ${version}`;
}

/** Runs the command of this process, and lets the process end. */
async function runProcess(): Promise<void> {
  // A reader of our errors that went away is no reason to fail.
  process.stderr.on('error', () => {});
  const output = new Output(process.stdout);
  const signalled = askedToEnd();
  signalled.addEventListener('abort', () => output.limitPatience(lastLinesMs));
  // Should nothing be left to do before there is an outcome, that is a failure.
  process.exitCode = exitCodes.failure;
  process.exitCode = await main(process.argv.slice(2), output, signalled);
  await output.drain();
  if (output.isGivenUp) process.exit();
}

void runProcess();
