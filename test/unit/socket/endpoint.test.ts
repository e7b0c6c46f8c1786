// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { type ConnectTarget, formatEndpoint, parseEndpoint } from '../../../lib/socket/endpoint.ts';

describe('endpoint', () => {
  const rows: [target: ConnectTarget, text: string][] = [
    ['192.0.2.1:80', '192.0.2.1:80'],
    ['[2001:DB8:0::1]:443', '[2001:db8::1]:443'],
    ['[fe80::1%eth0]:80', '[fe80::1%eth0]:80'],
    [{ host: '192.0.2.1', port: 1 }, '192.0.2.1:1'],
    [{ address: '2001:db8::1', port: 65535 }, '[2001:db8::1]:65535'],
    [{ address: 'fe80::1%3', port: 80 }, '[fe80::1%3]:80'],
  ];
  it.each(rows)('endpoint: %j is read', (target, text) => expect(formatEndpoint(parseEndpoint(target))).toBe(text));

  const wrong: [target: unknown, why: string][] = [
    ['192.0.2.1', 'not host:port'],
    ['192.0.2.1:', 'port'],
    ['192.0.2.1:0', 'port'],
    ['192.0.2.1:65536', 'port'],
    ['192.0.2.1:8x', 'port'],
    ['192.0.2.1:-1', 'port'],
    ['2001:db8::1:80', 'brackets'],
    ['[2001:db8::1]', 'not host:port'],
    ['[192.0.2.999]:80', 'no IP address'],
    ['192.0.2.999:80', 'no IP address'],
    [':80', 'no IP address'],
    ['0.0.0.0:80', 'nobody'],
    ['[::]:80', 'nobody'],
    ['224.0.0.1:80', 'nobody'],
    ['255.255.255.255:80', 'nobody'],
    ['[ff02::1%eth0]:80', 'nobody'],
    ['[::ffff:192.0.2.1]:80', 'IPv4'],
    [{ address: '192.0.2.1' }, 'port'],
    [{ address: '192.0.2.1', port: '80' }, 'port'],
    [{ port: 80 }, 'neither'],
    [undefined, 'neither'],
    [null, 'neither'],
    [80, 'neither'],
  ];
  it.each(wrong)('endpoint: %j is refused', (target, why) => {
    expect(() => parseEndpoint(target as string)).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG', message: expect.stringContaining(why) }),
    );
  });

  it.each(['example.com:443', 'localhost:80', 'bücher.example:80'])(
    'endpoint: %s has to be resolved first',
    (target) => {
      expect(() => parseEndpoint(target)).toThrow(expect.objectContaining({ code: 'ERR_MIF_UNSUPPORTED' }));
    },
  );
});
