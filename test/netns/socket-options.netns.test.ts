// SPDX-License-Identifier: MIT
// What a bound socket is asked besides where it is held, as another program reads it from the kernel.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { type BoundSocketOptions, createBoundSocket } from '../../lib/mif/mif.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';

const program = fileURLToPath(new URL('socket-options.py', import.meta.url));
const mptcp = 262;

/** What the kernel says of a descriptor. */
// biome-ignore lint/suspicious/noExplicitAny: a JSON document.
async function heldOf(fd: number): Promise<any> {
  const child = spawn('python3', [program], { stdio: ['ignore', 'pipe', 'inherit', fd] });
  let text = '';
  child.stdout!.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  return JSON.parse(text);
}

requires(
  'root',
  'ip',
  'python3',
)('socket options', () => {
  let lab: Lab;
  let host: Host;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    host = await openHost({ netns: lab.netns('host') });
  });
  afterAll(async () => {
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const make = (options: Partial<BoundSocketOptions>) =>
    createBoundSocket({ host, family: 4, type: 'stream', via: 'b0', ...options });

  it.each([
    ['mark', { mark: 4711 }, { mark: 4711 }],
    ['mark, with its highest bit', { mark: 0xffff_ffff }, { mark: -1 }],
    ['a mark that via requires', { via: { interface: 'b0', mark: 4712 } }, { mark: 4712 }],
    ['a mark that via requires as well', { via: { interface: 'b0', mark: 4712 }, mark: 4712 }, { mark: 4712 }],
    ['dscp, IPv4', { dscp: 46 }, { tos: 46 << 2 }],
    ['dscp, IPv6', { family: 6, dscp: 10 }, { trafficClass: 10 << 2, tos: 0 }],
    ['dscp, both families', { family: 6, ipv6Only: false, dscp: 10 }, { trafficClass: 10 << 2, tos: 10 << 2 }],
    ['keepAlive', { keepAlive: true }, { keepAlive: 1 }],
    [
      'keepAlive in detail',
      { keepAlive: { idle: 30_000, interval: 5000, probes: 3 } },
      { keepAlive: 1, idle: 30, interval: 5, probes: 3 },
    ],
    ['nothing', {}, { mark: 0, tos: 0, keepAlive: 0, reuseAddress: 0, reusePort: 0, protocol: 6 }],
    ['a port', { sourcePort: 4720 }, { reuseAddress: 1, name: ['0.0.0.0', 4720] }],
    ['a port without reuseAddress', { sourcePort: 4721, reuseAddress: false }, { reuseAddress: 0 }],
    ['reuseAddress', { type: 'datagram', reuseAddress: true }, { reuseAddress: 1 }],
    ['reusePort', { sourcePort: 4722, reusePort: true }, { reusePort: 1 }],
    ['ipv6Only by default', { family: 6 }, { ipv6Only: 1 }],
    ['ipv6Only off', { family: 6, ipv6Only: false }, { ipv6Only: 0 }],
    [
      'preferences, temporary',
      { family: 6, preferences: { temporary: 'prefer' } },
      // The kernel adds its own choice of the other pair.
      { preferences: 0x0401 },
    ],
    [
      'preferences, both',
      { family: 6, type: 'datagram', preferences: { temporary: 'avoid', home: 'avoid' } },
      { preferences: 0x0006 },
    ],
    ['a source, whose port comes late', { source: '10.2.0.100' }, { latePort: 1, name: ['10.2.0.100', 0] }],
    ['multipath', { multipath: true, source: '10.2.0.100' }, { protocol: mptcp, name: ['10.2.0.100', 0] }],
    ['multipath, IPv6', { family: 6, multipath: true }, { protocol: mptcp }],
  ] as [string, Partial<BoundSocketOptions>, object][])(
    'socket options: %s is what the kernel holds (F4)',
    async (_, options, held) => {
      using socket = make(options);
      expect(await heldOf(socket.fd)).toMatchObject({ device: 12, ...held });
    },
  );

  it.each([
    ['mark', { mark: -1 }],
    ['mark', { mark: '7' }],
    ['mark', { via: { interface: 'b0', mark: 1 }, mark: 2 }],
    ['dscp', { dscp: 64 }],
    ['keepAlive', { type: 'datagram', keepAlive: true }],
    ['keepAlive', { keepAlive: 30 }],
    ['keepAlive.idle', { keepAlive: { idle: 1500 } }],
    ['keepAlive.probes', { keepAlive: { probes: 128 } }],
    ['keepAlive.delay', { keepAlive: { delay: 1000 } }],
    ['reuseAddress', { reuseAddress: 1 }],
    ['ipv6Only', { ipv6Only: true }],
    ['preferences', { preferences: { temporary: 'prefer' } }],
    ['preferences.temporary', { family: 6, preferences: { temporary: 'yes' } }],
    ['multipath', { type: 'datagram', multipath: true }],
    ['multipath', { multipath: 'yes' }],
    ['type', { type: 'raw' }],
    ['via', { via: undefined }],
    ['source', { source: '::1' }],
  ])('socket options: a wrong %s is refused by name, and nothing stays open: %j', (name, options) => {
    const before = readdirSync('/proc/self/fd').length;
    expect(() => make(options as object)).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG', message: expect.stringContaining(`option ${name}`) }),
    );
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });

  it('socket options: a port that is taken is shared only by those that say so', () => {
    using _ = make({ sourcePort: 4730, type: 'datagram', reusePort: true });
    expect(() => make({ sourcePort: 4730, type: 'datagram' })).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_BIND_FAILED', errno: 98 }),
    );
    using shared = make({ sourcePort: 4730, type: 'datagram', reusePort: true });
    expect(shared.fd).toBeGreaterThan(2);
  });

  it('socket options: a system without MPTCP says so, and nothing stays open', async () => {
    await lab.exec('host', 'sh', '-c', 'echo 0 > /proc/sys/net/mptcp/enabled');
    const before = readdirSync('/proc/self/fd').length;
    expect(() => make({ multipath: true })).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_UNSUPPORTED', message: expect.stringContaining('option multipath') }),
    );
    expect(readdirSync('/proc/self/fd').length).toBe(before);
    await lab.exec('host', 'sh', '-c', 'echo 1 > /proc/sys/net/mptcp/enabled');
  });

  it('socket options: a source of another interface is refused: the kernel would take the pair (F7)', () => {
    expect(() => make({ source: '10.1.0.100' })).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_NO_ADDRESS', interface: 'b0' }),
    );
    using own = make({ family: 6, source: '2001:DB8:B:1:0::100' });
    expect(own.source).toBe('2001:db8:b:1::100');
  });
});
