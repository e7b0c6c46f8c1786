// SPDX-License-Identifier: MIT
// `mif select` as a process: what it prints, and its exit codes.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { mif, mifJson } from '../lab/mif-command.ts';
import { requires } from '../lab/requirements.ts';

const server4 = '198.51.100.80';
const server6 = '2001:db8:ffff::80';

requires(
  'root',
  'ip',
  'nsenter',
)('mif select', () => {
  let lab: Lab;
  let netns: string[];

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    netns = ['--netns', lab.netns('host')];
    await lab.ipBatch('host', [
      'rule add pref 100 fwmark 0x10/0xff lookup 100',
      'rule add pref 101 uidrange 4711-4711 lookup 100',
      'rule add pref 102 from 10.3.0.2 lookup 100',
      'route add default via 10.2.0.1 dev b0 table 100',
      'route add unreachable 203.0.113.0/24',
      // Of no table that is asked: nothing leads to 192.0.2.0/24.
      'rule add pref 200 to 192.0.2.0/24 goto 40000',
      'rule add pref 40000 nop',
    ]);
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());

  const select = (...words: string[]) => mif(['select', ...netns, ...words]);

  it('mif select: JSON has the shape that other programs rely on', async () => {
    expect(await mifJson(['select', server4, ...netns])).toEqual({
      destination: server4,
      interface: 'a0',
      index: 11,
      source: '10.1.0.100',
      gateway: '10.1.0.1',
      table: 254,
      type: 'unicast',
      mtu: 1500,
      metric: 100,
      ways: 1,
      doubts: [],
      why: expect.stringContaining('the default route'),
    });
    expect(await mifJson(['select', server6, ...netns, '--via', 'b0/fe80::b:1'])).toMatchObject({
      interface: 'b0',
      source: '2001:db8:b:1::100',
      gateway: 'fe80::b:1',
      pvd: 'b0/fe80::b:1',
      firstHop: 'enforced',
    });
    expect(await mifJson(['select', server4, ...netns, '--via', 'wwan0'])).toMatchObject({ gateway: null });
  });

  describe('options', () => {
    it.each<[words: string[], uplink: string]>([
      [[], 'a0'],
      [['--via', 'b0'], 'b0'],
      [['--via', '12'], 'b0'],
      [['--via', 'nosuch0', '--via', 'b0', '--via', 'a0'], 'b0'],
      [['--via', '{"interface":"b0"}'], 'b0'],
      [['--via', '{ "avoid": { "interface": "a0" } }'], 'b0'],
      [['--via', '{"kind":"wireguard"}', '--via', 'b0'], 'b0'],
      [['--mark', '16'], 'b0'],
      [['--mark', '0x10'], 'b0'],
      [['--mark', '0x11'], 'a0'],
      [['--uid', '4711'], 'b0'],
      [['--uid', '4712'], 'a0'],
      [['--from', '10.3.0.2'], 'b0'],
      [['--from', '10.2.0.100'], 'a0'],
      [['--oracle'], 'a0'],
      [['--oracle', '--mark', '0x10'], 'b0'],
      [['--oracle', '--via', 'b0'], 'b0'],
    ])('mif select: with %j over %s (E3, F1)', async (words, uplink) => {
      expect(await mifJson(['select', server4, ...netns, ...words])).toMatchObject({ interface: uplink });
    });
  });

  it('mif select: what it prints is a --via', async () => {
    const path = await mifJson(['select', server4, ...netns, '--via', 'b0/fe80::b:1']);
    expect(await mifJson(['select', server4, ...netns, '--via', JSON.stringify(path)])).toEqual(path);
  });

  it('mif select: people get a line as of `ip route get`, and why', async () => {
    expect(await select(server4)).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        `${server4} via 10.1.0.1 dev a0 src 10.1.0.100 table main mtu 1500`,
        '  why        the default route of table main, metric 100, by 10.1.0.1',
        '',
      ].join('\n'),
    });
    const { stdout: own } = await select('10.1.0.100');
    expect(own).toMatch(/^local 10\.1\.0\.100 dev lo src 10\.1\.0\.100 table local mtu 65536\n/);
    const { stdout: marked } = await select(server4, '--mark', '0x10');
    expect(marked).toMatch(/ dev b0 src 10\.2\.0\.100 table 100 /);
    const { stdout: asked } = await select(server4, '--oracle');
    expect(asked).toMatch(
      / dev a0 src 10\.1\.0\.100 table main mtu 1500\n {2}why {8}the kernel says so: .*10\.1\.0\.1\n$/,
    );
    const { stdout: domain } = await select(server4, '--via', 'b0/10.2.0.1');
    expect(domain).toMatch(/^ {2}domain {5}b0\/fe80::b:1$/m);
    expect(domain).toMatch(/^ {2}first hop {2}enforced$/m);
  });

  it.each<[what: string, words: string[], exit: number, code: string]>([
    ['a route that refuses', ['203.0.113.9'], 1, 'ERR_MIF_NO_ROUTE'],
    ['no route', ['192.0.2.9'], 1, 'ERR_MIF_NO_ROUTE'],
    ['no route over one', [server6, '--via', 'wwan0'], 1, 'ERR_MIF_NO_ROUTE'],
    ['a source that is not there', [server4, '--from', '192.0.2.77'], 1, 'ERR_MIF_NO_ADDRESS'],
    ['a link-local address without zone', ['fe80::b:1'], 1, 'ERR_MIF_SCOPE_REQUIRED'],
    ['loopback over a wire', ['127.0.0.1', '--via', 'a0'], 1, 'ERR_MIF_LOOPBACK'],
    ['no destination', [], 2, 'ERR_MIF_INVALID_ARG'],
    ['a name', ['example.com'], 2, 'ERR_MIF_INVALID_ARG'],
    ['a zone of no interface', ['fe80::1%nosuch0'], 2, 'ERR_MIF_INVALID_ARG'],
    ['a source of the other family', [server4, '--from', '::1'], 2, 'ERR_MIF_INVALID_ARG'],
    ['a mark that is too large', [server4, '--mark', '0x100000000'], 2, 'ERR_MIF_INVALID_ARG'],
    ['an unknown interface', [server4, '--via', 'nosuch0'], 3, 'ERR_MIF_INTERFACE_NOT_FOUND'],
    ['an unknown domain', [server4, '--via', 'a0/nobody'], 3, 'ERR_MIF_UNKNOWN_ID'],
    ['a selector that is no JSON', [server4, '--via', '{kind:veth}'], 2, 'ERR_MIF_INVALID_ARG'],
    ['a selector of an unknown property', [server4, '--via', '{"knd":"veth"}'], 2, 'ERR_MIF_INVALID_ARG'],
    ['a selector that nothing fits', [server4, '--via', '{"kind":"wireguard"}'], 3, 'ERR_MIF_NO_PATH'],
    ['none of several', [server6, '--via', 'nosuch0', '--via', 'wwan0'], 3, 'ERR_MIF_NO_PATH'],
  ])('mif select: %s: %j ends with %d, and says so twice', async (_what, words, exit, code) => {
    const { code: ended, stdout, stderr } = await select(...words, '--json');
    expect(stderr).toMatch(/^mif: .+\n {2}.+\n$/);
    expect(JSON.parse(stdout)).toEqual({ error: { code, message: expect.any(String), hint: expect.any(String) } });
    expect(ended).toBe(exit);
  });
});
