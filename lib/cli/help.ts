// SPDX-License-Identifier: MIT
// What the command says of itself. It lists what exists, nothing that is planned.

import type { Command, OptionName } from './command.ts';
import type { Style } from './style.ts';

const optionTexts: Readonly<Record<OptionName, readonly [usage: string, text: string]>> = {
  json: ['--json', 'JSON: one document, or one object a line where the command goes on'],
  netns: ['--netns NAME|PATH|PID', 'the network namespace of a name, a path or a process'],
  via: ['--via V', 'interface, domain, or conditions as JSON; repeated: in order of preference'],
  from: ['--from ADDRESS', 'source address of the traffic'],
  mark: ['--mark N', 'firewall mark of the socket, decimal or 0x hexadecimal; default 0'],
  uid: ['--uid N', 'user whose socket it is; default: who runs this'],
  oracle: ['--oracle', 'ask the kernel itself, not the mirror'],
  server: ['--server ADDRESS', 'a name server to ask instead of those of the network; may be repeated'],
  tls: ['--tls', 'encrypts; the certificate has to be of the address'],
};

export function overview(commands: readonly Command[], style: Style): string {
  const usages = commands.map((command) => usageOf(command));
  const width = Math.max(...usages.map((usage) => usage.length));
  return lines(
    style.bold('mif: the networks of this machine, and connections over the one you choose'),
    '',
    'Usage: mif COMMAND [OPTIONS]',
    '',
    ...commands.map((command, at) => `  ${usages[at]!.padEnd(width)}  ${command.summary}`),
    '',
    ...optionLines(['json', 'netns', 'via']),
    '  --help, --version      also of a command: mif COMMAND --help',
    '',
    'Exit: 0 ok, 1 failure, 2 usage, 3 nothing matched, 4 permission, 5 unsupported here',
  );
}

export function usage(command: Command, style: Style): string {
  const options = command.options.map((name) => `[${optionTexts[name][0]}]`);
  return lines(
    style.bold(`mif ${usageOf(command)}`) + (options.length > 0 ? ` ${options.join(' ')}` : ''),
    `  ${command.summary}`,
    '',
    ...command.details.map((line) => `  ${line}`),
    ...(command.options.length > 0 ? ['', ...optionLines(command.options)] : []),
  );
}

function usageOf(command: Command): string {
  return command.operands === '' ? command.name : `${command.name} ${command.operands}`;
}

function optionLines(names: readonly OptionName[]): string[] {
  return names.map((name) => `  ${optionTexts[name][0].padEnd(21)}  ${optionTexts[name][1]}`);
}

function lines(...texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
