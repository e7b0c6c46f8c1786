// SPDX-License-Identifier: MIT

import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../../lib/cli/arguments.ts';
import type { Command } from '../../../lib/cli/command.ts';

function command(name: string, rest: Partial<Command> = {}): Command {
  return {
    name,
    operands: '',
    summary: '',
    details: [],
    options: ['json', 'netns'],
    maxOperands: 0,
    run: () => Promise.reject(new Error('only parsed here')),
    ...rest,
  };
}

const list = command('ls', { maxOperands: 1 });
const open = command('connect', { maxOperands: 1, options: ['json', 'netns', 'via'] });
const way = command('select', { maxOperands: 1, options: ['json', 'netns', 'via', 'from', 'mark', 'uid'] });
const play = command('demo', { options: ['json'] });
const commands = [list, open, way, play];

function parse(...words: string[]) {
  return parseCommandLine(words, commands);
}

describe('cli/arguments', () => {
  test.each<[string, string[], object]>([
    ['a command alone', ['ls'], { command: list, operands: [], options: { json: false, via: [] } }],
    ['options after it', ['ls', 'routes', '--json'], { operands: ['routes'], options: { json: true, via: [] } }],
    ['options before it', ['--json', 'ls', 'routes'], { operands: ['routes'], options: { json: true, via: [] } }],
    ['a namespace by name', ['--netns', 'ls', 'ls'], { command: list, options: { json: false, netns: 'ls', via: [] } }],
    [
      'a namespace by path',
      ['ls', '--netns=/run/netns/x'],
      { options: { json: false, netns: '/run/netns/x', via: [] } },
    ],
    ['a namespace by process', ['ls', '--netns', '4711'], { options: { json: false, netns: 4711, via: [] } }],
    ['a name that begins with a digit', ['ls', '--netns', '4x'], { options: { json: false, netns: '4x', via: [] } }],
    [
      'ways in order of preference',
      ['connect', '192.0.2.1:80', '--via', 'b0', '--via', 'a0'],
      { command: open, operands: ['192.0.2.1:80'], options: { json: false, via: ['b0', 'a0'] } },
    ],
    [
      'what tells traffic apart',
      ['select', '192.0.2.1', '--from', '192.0.2.9', '--mark', '0x1F', '--uid', '1000'],
      { command: way, operands: ['192.0.2.1'], options: { from: '192.0.2.9', mark: 31, uid: 1000, via: [] } },
    ],
    ['a mark in decimal', ['select', '--mark=010'], { options: { json: false, mark: 10, via: [] } }],
    ['an operand after --', ['ls', '--', '--json'], { operands: ['--json'], options: { json: false, via: [] } }],
  ])('cli/arguments: understands %s', (_what, words, expected) => {
    expect(parse(...words)).toMatchObject({ kind: 'run', ...expected });
  });

  test.each<[string[], object]>([
    [[], { kind: 'help' }],
    [['--help'], { kind: 'help' }],
    [['-h'], { kind: 'help' }],
    [['help'], { kind: 'help' }],
    [['help', 'ls'], { kind: 'help', command: list }],
    [['ls', '--help'], { kind: 'help', command: list }],
    [['ls', '--no-such', '-h'], { kind: 'help', command: list }],
    [['--version'], { kind: 'version' }],
    [['ls', '--version'], { kind: 'version' }],
  ])('cli/arguments: %j asks for words, not for work', (words, expected) => {
    expect(parse(...words)).toEqual(expected);
  });

  test.each<[string, string[], RegExp]>([
    ['an unknown command', ['frobnicate'], /no command "frobnicate"/],
    ['an unknown topic', ['help', 'frobnicate'], /no command "frobnicate"/],
    ['options and no command', ['--json'], /no command among "--json"/],
    ['an unknown option', ['ls', '--frob'], /mif ls: Unknown option '--frob'$/],
    ['an option that the command does not take', ['ls', '--via', 'a0'], /mif ls: Unknown option '--via'/],
    ['a namespace for what has its own', ['demo', '--netns', 'x'], /mif demo: Unknown option '--netns'/],
    ['an option without its value', ['ls', '--netns'], /mif ls: Option '--netns <value>' argument missing/],
    ['an empty namespace', ['ls', '--netns='], /--netns is empty/],
    ['a mark that is no number', ['select', '--mark', '0x'], /--mark: "0x" is no number/],
    ['a mark below 0', ['select', '--mark=-1'], /--mark: "-1" is no number/],
    ['a user by name', ['select', '--uid', 'root'], /--uid: "root" is no number/],
    ['an empty user', ['select', '--uid='], /--uid: "" is no number/],
    ['a mark of what sends nothing', ['ls', '--mark', '1'], /mif ls: Unknown option '--mark'/],
    ['a value where none belongs', ['ls', '--json=yes'], /mif ls: Option '--json' does not take an argument/],
    ['surplus operands', ['ls', 'routes', 'rules', 'x'], /mif ls: what is "rules" "x" for/],
  ])('cli/arguments: %s is a usage error with a hint', (_what, words, message) => {
    expect(() => parse(...words)).toThrow(
      expect.objectContaining({
        code: 'ERR_MIF_INVALID_ARG',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/./),
      }),
    );
  });
});
