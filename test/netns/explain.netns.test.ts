// SPDX-License-Identifier: MIT
// host.explain() and `mif explain` on a host with two uplinks: what each candidate is told about itself, and the warnings.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHost } from '../../lib/host/open-host.ts';
import type { Host, SelectOptions } from '../../lib/index.ts';
import { Lab } from '../lab/lab.ts';
import { type Launcher, mif, mifJson, mifProgram } from '../lab/mif-command.ts';
import { requires } from '../lab/requirements.ts';
import { link, type Topology } from '../lab/topology.ts';

const twoUplinks: Topology = {
  links: [link('host/a0#11', 'host/pa#12'), link('host/b0#13', 'host/pb#14'), link('host/c0#15', 'host/pc#16')],
  nodes: {
    host: {
      settings: { 'ipv4/conf/b0/rp_filter': 1 },
      setUp: [
        ...['a0', 'pa', 'b0', 'pb'].map((name) => `link set ${name} up`),
        'addr add 10.1.0.2/24 dev a0',
        'addr add 10.1.0.3/24 dev a0',
        'addr add 10.2.0.2/24 dev b0',
        'addr add 10.3.0.2/24 dev c0',
        'addr add 10.4.0.2/24 dev a0',
        'addr add 2001:db8:1::2/64 dev a0 nodad',
        'addr add 2001:db8:1::3/64 dev a0 nodad preferred_lft 0',
        'route add default via 10.1.0.1 dev a0 metric 100',
        'route add default via 10.2.0.1 dev b0 metric 200',
        'route add default via 10.4.0.1 dev a0 metric 300',
        'route add default via 2001:db8:1::1 dev a0',
        'route add 100.64.0.0/16 via 10.2.0.9 dev b0 table 100',
        'route add 100.65.0.0/16 via 10.2.0.9 dev b0 table 101',
        'route add prohibit 10.99.0.0/16',
        'rule add pref 50 fwmark 0x10 table 100',
        'rule add pref 60 from 10.2.0.2 to 100.65.0.0/16 table 101',
      ],
    },
  },
};

requires(
  'root',
  'ip',
  'nsenter',
)('explain', () => {
  let lab: Lab;
  let host: Host;
  let inside: Launcher;

  beforeAll(async () => {
    lab = await Lab.up(twoUplinks);
    host = await openHost({ netns: lab.path('host') });
    inside = ['nsenter', `--net=${lab.path('host')}`, '--', process.execPath, mifProgram];
  });
  afterAll(async () => {
    await host.close();
    await lab[Symbol.asyncDispose]();
  });

  const candidate = (destination: string, options: SelectOptions, source: string) =>
    host.explain(destination, options).candidates.find((each) => each.source === source);

  it('explain: the winner first, with the route, the rule and the source that made it (SAS-10)', () => {
    const { destination, chosen, error, candidates, doubts } = host.explain('198.51.100.9');
    expect({ destination, error, doubts }).toEqual({ destination: '198.51.100.9', error: undefined, doubts: [] });
    expect(chosen).toEqual(host.select('198.51.100.9'));
    expect(candidates[0]).toMatchObject({
      interface: 'a0',
      source: '10.1.0.2',
      gateway: '10.1.0.1',
      table: 254,
      route: '0.0.0.0/0',
      metric: 100,
      verdict: 'chosen',
      reason: expect.stringContaining('rule 32766 asks that table'),
    });
    expect(candidates.filter(({ verdict }) => verdict === 'chosen')).toHaveLength(1);
  });

  it.each([
    ['a secondary address', '10.1.0.3', /secondary/, 'Ask with source 10.1.0.3.'],
    ['a higher metric', '10.2.0.2', /default route has metric 200, that of a0 100/, 'Ask with via b0.'],
    ['an interface that is down', '10.3.0.2', /over c0: the interface is down/, 'Bring c0 up.'],
  ])('explain: %s is the reason, and what would change it the hint', (_what, source, reason, hint) => {
    expect(candidate('198.51.100.9', {}, source)).toMatchObject({
      verdict: 'rejected',
      reason: expect.stringMatching(reason),
      hint,
    });
  });

  it('explain: a rule for another source is named, and the source that was tried and leads there', () => {
    expect(candidate('100.65.0.1', {}, '10.2.0.2')).toMatchObject({
      reason: expect.stringMatching(/table 101; rule 60, .* only for traffic from 10\.2\.0\.2\/32$/),
      hint: 'Ask with via b0, or with source 10.2.0.2.',
    });
    expect(host.select('100.65.0.1', { source: '10.2.0.2' }).interface).toBe('b0');
  });

  it('explain: a rule for another mark is told, and the mark that was tried and leads there', () => {
    const { rules } = host.explain('100.64.0.1');
    expect(rules.find(({ rule }) => rule.priority === 50)).toMatchObject({
      finding: 'mark',
      reason: 'only for mark 0x10',
      hint: 'Ask with mark 0x10.',
    });
    expect(candidate('100.64.0.1', {}, '10.2.0.2')?.hint).toBe('Ask with via b0, or with mark 0x10.');
    expect(host.select('100.64.0.1', { mark: 0x10 }).interface).toBe('b0');
  });

  it('explain: of two IPv6 addresses the rule of RFC 6724 that decided is told (SAS-13)', () => {
    expect(candidate('2001:db8:9::1', {}, '2001:db8:1::3')?.reason).toMatch(/RFC 6724 rule 3/);
    expect(candidate('2001:db8:9::1', { via: 'a0' }, '2001:db8:1::3')?.reason).toMatch(/RFC 6724 rule 3/);
  });

  it('explain: that there is no way is an answer, with the route that refuses', () => {
    const { chosen, error, candidates } = host.explain('10.99.0.1');
    expect(chosen).toBeNull();
    expect(error).toMatchObject({ code: 'ERR_MIF_NO_ROUTE', hint: expect.any(String) });
    expect(candidates.map(({ verdict }) => verdict)).not.toContain('chosen');
    expect(candidates.find(({ source }) => source === '10.1.0.2')?.reason).toBe(
      '10.99.0.0/16 of table main says prohibit',
    );
  });

  it('explain: via what does not exist is an answer, too; what is written wrongly is refused', () => {
    expect(host.explain('198.51.100.9', { via: 'z9' }).error?.code).toBe('ERR_MIF_INTERFACE_NOT_FOUND');
    expect(host.explain('198.51.100.9', { via: ['z9', 'c0'] }).error?.code).toBe('ERR_MIF_NO_PATH');
    const isInvalid = expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' });
    for (const [destination, options] of [
      ['nowhere', {}],
      ['198.51.100.9', { mark: Number.NaN }],
      ['198.51.100.9', { via: [] }],
      ['198.51.100.9', { sauce: 'x' } as SelectOptions],
      ['198.51.100.9', { source: '2001:db8::1' }],
    ] as [string, SelectOptions][]) {
      expect(() => host.explain(destination, options)).toThrow(isInvalid);
    }
  });

  it('explain: within a provisioning domain the others are not in it (PVD-37)', () => {
    const pvd = host.snapshot().pvds.find(({ interfaces }) => interfaces.includes('b0'))?.id;
    const { chosen, candidates } = host.explain('198.51.100.9', { via: pvd });
    expect(chosen).toMatchObject({ interface: 'b0', pvd });
    expect(candidates.find(({ source }) => source === '10.1.0.2')).toMatchObject({
      verdict: 'rejected',
      reason: `a0 is not in ${pvd}`,
      hint: 'Ask with via a0.',
    });
  });

  it('explain: an address of another domain on the same link is none of the one that was asked (PVD-37)', () => {
    const { chosen, candidates } = host.explain('198.51.100.9', { via: 'a0/10.4.0.1' });
    expect(chosen).toMatchObject({ interface: 'a0', source: '10.4.0.2', firstHop: expect.any(String) });
    const other = candidates.find(({ source }) => source === '10.1.0.2');
    expect(other).toMatchObject({ verdict: 'rejected', reason: '10.1.0.2 is no address of a0/10.4.0.1' });
    expect(other?.hint).toBeUndefined();
  });

  it('explain: the first of a list that will not do says why', () => {
    const { chosen, candidates } = host.explain('198.51.100.9', { via: ['c0', 'a0'] });
    expect(chosen?.interface).toBe('a0');
    expect(candidates.find((each) => each.interface === 'c0')?.reason).toMatch(/c0: the interface is down/);
  });

  it('explain: warns of a strict reverse path filter where the kernel would go another way (F12)', () => {
    expect(host.explain('198.51.100.9').warnings).toEqual([]);
    const { warnings } = host.explain('198.51.100.9', { via: 'b0' });
    expect(warnings).toEqual([
      expect.stringMatching(/own route from 10\.2\.0\.2 .* leaves by a0: only the binding to b0/),
      expect.stringMatching(/b0 has a strict reverse path filter/),
    ]);
  });

  it('explain: warns of a link-local destination without zone (F8, SAS-39)', () => {
    const { error, warnings } = host.explain('fe80::9');
    expect(error?.code).toBe('ERR_MIF_SCOPE_REQUIRED');
    expect(warnings).toEqual([expect.stringMatching(/zone/)]);
    expect(host.explain('fe80::9%a0')).toMatchObject({ chosen: { interface: 'a0' }, warnings: [] });
  });

  it('explain: warns of an interface without carrier', async () => {
    const warnings = () => host.explain('100.64.0.1', { mark: 0x10 }).warnings.join();
    await lab.ip('host', 'link set pb down');
    await expect.poll(warnings).toMatch(/b0 has no carrier/);
    const held = host.explain('198.51.100.9', { via: 'b0' });
    expect(held.error?.code).toBe('ERR_MIF_NO_CARRIER');
    expect(held.candidates.find(({ source }) => source === '10.2.0.2')?.reason).toMatch(
      /b0: the interface has no carrier$/,
    );
    await lab.ip('host', 'link set pb up');
    await expect.poll(warnings).not.toMatch(/no carrier/);
  });

  it('mif: explain is readable, complete as JSON, and fails where there is no way', async () => {
    const marked = await mifJson(['explain', '100.64.0.1', '--mark', '0x10', '--uid', '1000'], inside);
    expect(marked).toMatchObject({ chosen: { interface: 'b0', source: '10.2.0.2' } });
    // What answers carries no mark.
    expect(marked['warnings']).toEqual([expect.stringMatching(/^b0 has a strict reverse path filter/)]);
    expect(marked['candidates'][0]).toMatchObject({ interface: 'b0', verdict: 'chosen', reason: expect.any(String) });
    const from = await mif(['explain', '198.51.100.9', '--from', '10.1.0.3'], inside);
    expect(from.code).toBe(0);
    expect(from.stdout).toMatch(/^198\.51\.100\.9 by a0 from 10\.1\.0\.3 via 10\.1\.0\.1\n\ncandidates\n {2}VERDICT/);
    const refused = await mif(['explain', '10.99.0.1', '--json'], inside);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({ chosen: null, error: { code: 'ERR_MIF_NO_ROUTE' } });
    expect(await mif(['explain', '198.51.100.9', '--via', 'z9'], inside)).toMatchObject({ code: 3 });
    expect(await mif(['explain', '198.51.100.9', '--mark', 'red'], inside)).toMatchObject({ code: 2, stdout: '' });
    expect(await mif(['explain'], inside)).toMatchObject({ code: 2, stdout: '' });
  });
});
