// SPDX-License-Identifier: MIT
// What a command is, and what it is given to run with.

import type { Readable } from 'node:stream';
import type { Via, ViaItem } from '../via/carrier.ts';
import type { ViaSelector } from '../via/selector.ts';
import { usageError } from './exit-code.ts';
import type { Output } from './output.ts';
import type { Style } from './style.ts';

/** Options as they were typed; which of them a command takes is in its `options`. */
export interface CommandOptions {
  json: boolean;
  /** A name of `ip netns`, a path, or a process id. */
  netns?: string | number;
  /** In order of preference; empty when not given. */
  via: readonly string[];
  /** Source address. */
  from?: string;
  /** Firewall mark. */
  mark?: number;
  /** User id. */
  uid?: number;
  /** Ask the kernel. */
  oracle?: boolean;
  /** Name servers to ask. */
  server?: readonly string[];
  /** Encrypted. */
  tls?: boolean;
}

export type OptionName = keyof CommandOptions;

export interface Invocation {
  options: CommandOptions;
  /** What stands on the line besides the command and its options. */
  operands: readonly string[];
  output: Output;
  /** For people, on standard error. */
  say: (line: string) => void;
  style: Style;
  /** Untouched until a command asks for it: reading keeps a process alive. */
  readonly input: Readable;
  /** Aborts on SIGINT or SIGTERM, and when nobody reads the output any more. */
  stop: AbortSignal;
}

export interface Command {
  name: string;
  /** After the name, as usage shows it. */
  operands: string;
  /** One line for the list of commands. */
  summary: string;
  /** Lines of `mif help NAME`, after the usage. */
  details: readonly string[];
  options: readonly OptionName[];
  /** At most this many operands. */
  maxOperands: number;
  /** A signal is the way to end it: exit code 0. Of another command it is a failure. */
  endsBySignal?: boolean;
  /** Its exit code: of exitCodes, or of a program that it ran. */
  run(invocation: Invocation): Promise<number>;
}

/** The part of a host's options that the command line decides. */
export function namespaceOf({ netns }: CommandOptions): { netns?: string | number } {
  return netns === undefined ? {} : { netns };
}

/** `--via` as the library takes it; absent when not given. */
export function viaOf({ via }: CommandOptions): { via?: Via } {
  const [first, ...others] = via.map(viaItemOf);
  if (first === undefined) return {};
  return { via: others.length > 0 ? [first, ...others] : first };
}

/** Digits are an index. JSON has a colon, which no interface name has, and ends as no domain id does. */
function viaItemOf(text: string): ViaItem {
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^\{.*:.*\}$/s.test(text)) return text;
  try {
    return JSON.parse(text) as ViaSelector;
  } catch (error) {
    const hint = `Write a selector as JSON, such as '{"kind":"wireguard"}', or give a name.`;
    throw usageError(`--via: ${JSON.stringify(text)} is no JSON: ${(error as Error).message}`, hint);
  }
}
