// SPDX-License-Identifier: MIT
// The hosts file: how it is read, and when again.

import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { HostsFile, readHosts } from '../../../lib/dns/hosts-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'mif-hosts-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('hosts file: addresses, names and aliases; what cannot be read is left out (DNS-25)', () => {
  const text = [
    '127.0.0.1 localhost',
    '192.0.2.1\tHost.example.com  host # the one',
    '2001:DB8::1 host',
    '# 192.0.2.2 commented',
    'not-an-address name',
    '192.0.2.3',
    '192.0.2.4 bad..name good',
    '',
  ].join('\r\n');
  expect(Object.fromEntries(readHosts(text))).toEqual({
    localhost: ['127.0.0.1'],
    'host.example.com': ['192.0.2.1'],
    host: ['192.0.2.1', '2001:db8::1'],
    good: ['192.0.2.4'],
  });
});

it('hosts file: is read again when it changes, is replaced or goes', () => {
  const path = join(folder, 'hosts');
  let now = 0;
  const hosts = new HostsFile(path, () => now);
  const after = (change: () => void) => {
    change();
    now += 1_000;
    return hosts.addressesOf('host');
  };
  expect(hosts.addressesOf('host')).toBe(undefined);
  expect(after(() => writeFileSync(path, '192.0.2.1 host\n'))).toEqual(['192.0.2.1']);
  expect(after(() => writeFileSync(path, '192.0.2.22 host\n'))).toEqual(['192.0.2.22']);
  writeFileSync(`${path}.new`, '192.0.2.33 host\n');
  expect(after(() => renameSync(`${path}.new`, path))).toEqual(['192.0.2.33']);
  expect(after(() => rmSync(path))).toBe(undefined);
});
