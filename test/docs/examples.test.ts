// SPDX-License-Identifier: MIT
// The examples run, against the built package, and print what their head comments show.

import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';
import { documentedOutput } from './documented-output.ts';

const examples = new URL('../../examples/', import.meta.url);
const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const pathOf = (name: string) => fileURLToPath(new URL(name, examples));
const linesOf = (output: string) => output.trimEnd().split('\n');

requires(
  'root',
  'ip',
  'nsenter',
)('examples', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.up('dual-isp');
  });
  afterEach(() => lab[Symbol.asyncDispose]());

  test('examples: watch-networks prints networks as they go and come', async () => {
    const shown = documentedOutput(new URL('watch-networks.mjs', examples));
    const child = lab.spawn('host', process.execPath, [pathOf('watch-networks.mjs')]);
    const closed = once(child, 'close');
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    const printed = (count: number) =>
      until(
        () => `${count} lines; so far: ${output}`,
        () => linesOf(output).length >= count,
      );
    await printed(shown.filter((line) => line.startsWith('have')).length);
    await lab.ip('host', 'link set b0 down');
    await printed(shown.findLastIndex((line) => line.startsWith('lost')) + 1);
    // What a network manager does when the cable is back.
    await lab.ipBatch('host', [
      'link set b0 up',
      'addr add 2001:db8:b:1::100/64 dev b0',
      'route add default via 10.2.0.1 dev b0 metric 200',
      'route add default via fe80::b:1 dev b0 metric 200',
    ]);
    await printed(shown.length);
    child.kill('SIGINT');
    const [code] = await closed;
    expect(linesOf(output)).toEqual(shown);
    expect(code).toBe(0);
  });

  test('examples: two-uplinks reaches one server through every network', async () => {
    const { port } = await lab.echoServer('inet');
    const output = await lab.exec('host', process.execPath, pathOf('two-uplinks.mjs'), '198.51.100.80', `${port}`);
    const withoutPorts = output.replace(/"peerPort":\d+/g, '"peerPort":40000');
    expect(linesOf(withoutPorts)).toEqual(documentedOutput(new URL('two-uplinks.mjs', examples)));
  });

  test('examples: session.py follows the networks of the host', async () => {
    const output = await lab.exec('host', 'python3', pathOf('session.py'), process.execPath, command);
    expect(linesOf(output)).toEqual(documentedOutput(new URL('session.py', examples)));
  });
});
