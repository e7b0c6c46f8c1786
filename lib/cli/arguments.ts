// SPDX-License-Identifier: MIT
// From the words of a command line to a command with its options. Pure; wrong words end in a usage error (exit 2).

import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Command, CommandOptions, OptionName } from './command.ts';
import { usageError } from './exit-code.ts';

/** What was asked for. */
export type Request =
  | { kind: 'run'; command: Command; options: CommandOptions; operands: readonly string[] }
  | { kind: 'help'; command?: Command }
  | { kind: 'version' };

const definitions = {
  json: { type: 'boolean' },
  netns: { type: 'string' },
  via: { type: 'string', multiple: true },
  from: { type: 'string' },
  mark: { type: 'string' },
  uid: { type: 'string' },
  oracle: { type: 'boolean' },
  server: { type: 'string', multiple: true },
  tls: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const satisfies NonNullable<ParseArgsConfig['options']>;

const everywhere = ['help', 'version'] as const;

/** `words`: as of process.argv, without program and script. */
export function parseCommandLine(words: readonly string[], commands: readonly Command[]): Request {
  const { tokens } = parseArgs({ args: [...words], options: definitions, strict: false, tokens: true });
  const first = tokens.find((token) => token.kind === 'positional');
  const flags = new Set(tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : [])));
  if (flags.has('version')) return { kind: 'version' };
  if (!first) {
    if (flags.has('help') || words.length === 0) return { kind: 'help' };
    throw usageError(`no command among ${quoted(words)}`, 'See `mif help`.');
  }
  if (first.value === 'help') return { kind: 'help', ...topic(words, first.index, commands) };
  const command = commandOf(first.value, commands);
  if (flags.has('help')) return { kind: 'help', command };
  const rest = words.filter((_, index) => index !== first.index);
  return { kind: 'run', command, ...optionsOf(command, rest) };
}

function topic(words: readonly string[], help: number, commands: readonly Command[]): { command?: Command } {
  const [name] = words.slice(help + 1).filter((word) => !word.startsWith('-'));
  return name === undefined ? {} : { command: commandOf(name, commands) };
}

function commandOf(name: string, commands: readonly Command[]): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command) return command;
  const names = commands.map((candidate) => candidate.name).join(', ');
  throw usageError(`there is no command ${quoted([name])}`, `There are ${names}; see \`mif help\`.`);
}

function optionsOf(command: Command, words: readonly string[]) {
  const names = [...command.options, ...everywhere];
  const options = Object.fromEntries(names.map((name) => [name, definitions[name]]));
  const hint = `See \`mif help ${command.name}\`.`;
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, strict: true, allowPositionals: true });
    if (positionals.length > command.maxOperands) {
      const surplus = positionals.slice(command.maxOperands);
      throw usageError(`mif ${command.name}: what is ${quoted(surplus)} for?`, hint);
    }
    return { options: commandOptions(values), operands: positionals };
  } catch (error) {
    if (!isParseError(error)) throw error;
    // The first sentence says what is wrong; the others are about quoting.
    const [sentence = error.message] = error.message.split(/\. |\n/);
    throw usageError(`mif ${command.name}: ${sentence.replace(/\.$/, '')}`, hint);
  }
}

type Values = { readonly [Name in OptionName]?: unknown };

function commandOptions(values: Values): CommandOptions {
  const { json, netns, via, from, mark, uid, oracle, server, tls } = values;
  return {
    json: json === true,
    ...(tls === true ? { tls } : {}),
    ...(typeof netns === 'string' ? { netns: namespaceOf(netns) } : {}),
    via: Array.isArray(via) ? via : [],
    ...(typeof from === 'string' ? { from } : {}),
    ...(typeof mark === 'string' ? { mark: numberOf('--mark', mark) } : {}),
    ...(typeof uid === 'string' ? { uid: numberOf('--uid', uid) } : {}),
    ...(oracle === true ? { oracle } : {}),
    ...(Array.isArray(server) ? { server } : {}),
  };
}

/** Digits are a process id; `./7` is a way to name a file called 7. */
function namespaceOf(text: string): string | number {
  if (text === '') throw usageError('--netns is empty', 'Give a name of `ip netns`, a path, or a process id.');
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** How large it may be is for the library to say. */
function numberOf(option: string, text: string): number {
  if (/^(\d+|0x[\da-f]+)$/i.test(text)) return Number(text);
  throw usageError(`${option}: ${quoted([text])} is no number`, 'Give it in decimal, or in hexadecimal as 0x10.');
}

function isParseError(error: unknown): error is Error & { code: string } {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('ERR_PARSE_ARGS_')
  );
}

function quoted(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(' ');
}
