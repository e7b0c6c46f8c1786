// SPDX-License-Identifier: MIT
// All adapters on the lines of Node: on this one, and on those that MIF_NODES names (paths of programs, as in PATH), whose undici,
// net and tls differ inside.

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../lab/command.ts';
import { Departures } from '../lab/departures.ts';
import { Lab, type WebServer } from '../lab/lab.ts';
import { nodeLines } from '../lab/node-lines.ts';
import { requires } from '../lab/requirements.ts';

const server4 = '198.51.100.80';
const program = fileURLToPath(new URL('program/adapters.mjs', import.meta.url));

requires(
  'root',
  'ip',
  'nsenter',
  'nft',
)('adapters', () => {
  let lab: Lab;
  let web: WebServer;
  let departures: Departures;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    web = await lab.webServer('inet');
    await lab.ip('inet', 'route add blackhole 198.51.100.99/32');
    departures = await Departures.of(lab, 'host', ['a0', 'b0', 'wwan0']);
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());

  it.each(nodeLines)(
    'adapters: each keeps to its network, and the wrong links stay empty, on Node $version (F1, H3, M10)',
    async ({ path: node }) => {
      await departures.take();
      const certificate = lab.write('certificate.pem', web.certificate);
      const urls = [`http://${server4}:${web.http}/peer`, `https://${server4}:${web.https}/peer`];
      const text = await run('nsenter', [
        `--net=${lab.path('host')}`,
        '--',
        'env',
        `NODE_EXTRA_CA_CERTS=${certificate}`,
        node,
        program,
        'b0',
        ...urls,
      ]);
      const { scopeLoopback, ...seen } = JSON.parse(text) as Record<string, string>;
      expect(scopeLoopback).toBe('ERR_MIF_LOOPBACK');
      expect(Object.entries(seen).filter(([, address]) => address !== '10.2.0.100')).toEqual([]);
      expect(Object.keys(seen).length).toBe(16);
      expect(Object.keys(await departures.take())).toEqual(['b0']);
    },
  );
});
