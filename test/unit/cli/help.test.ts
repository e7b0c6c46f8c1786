// SPDX-License-Identifier: MIT

import { describe, expect, test } from 'vitest';
import type { Command } from '../../../lib/cli/command.ts';
import { overview, usage } from '../../../lib/cli/help.ts';
import { styles } from '../../../lib/cli/style.ts';

const plain = styles(false);
const command: Command = {
  name: 'ls',
  operands: '[NOUN]',
  summary: 'what is',
  details: ['NOUN is one of many.'],
  options: ['json', 'netns'],
  maxOperands: 1,
  run: () => Promise.reject(new Error('only described here')),
};

describe('cli/help', () => {
  test('cli/help: the overview has every command, the exit codes, and fits a terminal', () => {
    const text = overview([command, { ...command, name: 'connect', summary: 'goes there' }], plain);
    expect(text).toMatch(/^ {2}ls \[NOUN\] +what is$/m);
    expect(text).toMatch(/^ {2}connect \[NOUN\] +goes there$/m);
    expect(text).toMatch(/4 permission/);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  test('cli/help: a usage names the options that the command takes, and no others', () => {
    const text = usage(command, plain);
    expect(text).toMatch(/^mif ls \[NOUN\] \[--json\] \[--netns NAME\|PATH\|PID\]$/m);
    expect(text).not.toContain('--via');
  });
});
