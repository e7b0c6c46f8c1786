// SPDX-License-Identifier: MIT
// Every example of docs/api/sockets.md prints what is shown below it, and its tables have all options.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHost } from '../../lib/host/open-host.ts';
import { createUdpSocket } from '../../lib/mif/mif.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(top, path), 'utf8');
const page = read('docs/api/sockets.md');
const examples = [...page.matchAll(/^```js\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```/gm)].map(
  ([, code = '', output = '']) => ({ name: /\b(create\w+|listen|connect)\(/.exec(code)?.[1], code, output }),
);

/** Names of the options that an interface declares. */
function optionsOf(path: string, name: string): string[] {
  const declaration =
    new RegExp(`export interface ${name}\\b[^{]*\\{([\\s\\S]*?)^\\}`, 'm').exec(read(path))?.[1] ?? '';
  return [...declaration.matchAll(/^ {2}(\w+)\??:/gm)].map(([, option = '']) => option);
}

test.each([
  ['lib/socket/socket-options.ts', 'SocketOptions'],
  ['lib/socket/connect.ts', 'ConnectOptions'],
  ['lib/socket/create-udp-socket.ts', 'UdpSocketOptions'],
  ['lib/socket/listen.ts', 'ListenOptions'],
  ['lib/socket/bound-socket.ts', 'BoundSocketOptions'],
])('sockets.md: names every option of %s', (path, name) => {
  const options = optionsOf(path, name);
  expect(options.length).toBeGreaterThan(0);
  expect(options.filter((option) => !new RegExp(`\\b${option}\\b`).test(page))).toEqual([]);
});

requires(
  'root',
  'ip',
  'nsenter',
)('sockets.md: examples', () => {
  let lab: Lab;
  // Inside the package, so that its own name resolves as it does for its users.
  mkdirSync(join(top, 'build'), { recursive: true });
  const folder = mkdtempSync(join(top, 'build', 'sockets-'));

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    const server = fileURLToPath(new URL('../lab/echo-server.mjs', import.meta.url));
    await lab.daemon('inet', process.execPath, [server, '7'], /listening/);
  });
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  test.each(examples)('sockets.md: the example of $name prints what is shown', async ({ name, code, output }) => {
    await using far = await openHost({ netns: lab.netns('inet') });
    await using echo = await createUdpSocket({
      host: far,
      type: 'udp4',
      source: '198.51.100.80',
      port: 7,
      packetInfo: true,
    });
    echo.on('message', (data, { address, port }) => void echo.send(data, { address, port }));
    const program = join(folder, `${name}.mjs`);
    writeFileSync(program, code);
    expect(await lab.exec('host', process.execPath, program)).toBe(output);
  });
});
