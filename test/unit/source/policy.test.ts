// SPDX-License-Identifier: MIT
// Policies of administrators and programs: what is taken, what is refused and where it says so, which interfaces they are about,
// and files that change, break or may not be believed.

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isMifError } from '../../../lib/binding/mif-error.ts';
import { nameMatches } from '../../../lib/source/policy/matching.ts';
import { policyProblem } from '../../../lib/source/policy/policy.ts';
import { openPolicySource, type PolicySource } from '../../../lib/source/policy/policy-source.ts';
import { policySchema } from '../../../lib/source/policy/schema.ts';
import { Random } from '../../lab/random.ts';
import { ToldInterfaces } from '../../lab/told-interfaces.ts';
import { until } from '../../lab/until.ts';

const corporate = {
  version: 1,
  domains: [
    {
      match: { interface: 'wg*' },
      define: 'corp',
      prefixes: ['10.8.0.0/16'],
      resolvers: ['10.8.0.53'],
      zones: ['corp.example'],
    },
    { match: { kind: 'veth', provider: 'FE80::1' }, categories: ['internet'], metered: true, trusted: false },
    { match: { prefix: '192.0.2.0/24', pvd: 'guest.example' }, hidden: true },
  ],
  rules: [
    { name: 'all through the tunnel', require: { pvd: 'corp' } },
    { for: { names: ['*.example'] }, avoid: { metered: true } },
  ],
} as const;

describe('policy', () => {
  it('policy: the schema of the package is the one that is checked', () => {
    const shipped = new URL('../../../schema/policy.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(shipped, 'utf8'))).toEqual(policySchema);
  });

  it('policy: one with everything in it is taken (HE-27, PVD-40, SEC-22)', () => {
    expect(policyProblem(corporate)).toBeUndefined();
    expect(policyProblem({ version: 1 })).toBeUndefined();
  });

  it('policy: the example of the documentation is one', () => {
    const page = readFileSync(new URL('../../../docs/api/policy.md', import.meta.url), 'utf8');
    const [, example] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    expect(policyProblem(JSON.parse(example!))).toBeUndefined();
  });

  it.each([
    [null, '', 'is no object'],
    [[], '', 'is no object'],
    [{}, '', 'has no version'],
    [{ version: 2 }, '/version', 'is not 1'],
    [{ version: 1, domain: [] }, '/domain', 'is unknown'],
    [JSON.parse('{"version":1,"__proto__":{}}'), '/__proto__', 'is unknown'],
    [{ version: 1, 'a/b~c': 1 }, '/a~1b~0c', 'is unknown'],
    [{ version: 1, domains: {} }, '/domains', 'is no list'],
    [{ version: 1, domains: [{}] }, '/domains/0', 'has no match'],
    [{ version: 1, domains: [{ match: { interface: '' } }] }, '/domains/0/match/interface', 'is empty'],
    [{ version: 1, domains: [{ match: { prefix: '10/8' } }] }, '/domains/0/match/prefix', 'is no prefix'],
    [
      { version: 1, domains: [{ match: {}, resolvers: ['10.0.0.1', '10.0.0.256'] }] },
      '/domains/0/resolvers/1',
      'is no address',
    ],
    [{ version: 1, domains: [{ match: {}, zones: ['a..b'] }] }, '/domains/0/zones/0', 'is no domain name'],
    [{ version: 1, domains: [{ match: {}, hidden: 'yes' }] }, '/domains/0/hidden', 'is neither true nor false'],
    [
      { version: 1, domains: [{ match: {}, categories: Array(65).fill('x') }] },
      '/domains/0/categories',
      'more than 64',
    ],
    [{ version: 1, domains: [{ match: {}, define: 'x' }] }, '/domains/0/match', 'neither interface nor kind'],
    [
      { version: 1, domains: [{ match: { kind: 'tun', pvd: 'y' }, define: 'x' }] },
      '/domains/0/match/pvd',
      'is of domains that are there',
    ],
    [{ version: 1, domains: [{ match: {}, prefixes: [] }] }, '/domains/0/prefixes', 'is for a domain that it defines'],
    [{ version: 1, domains: [{ match: {}, define: 'a\u001b[2J' }] }, '/domains/0/define', 'has control characters'],
    [{ version: 1, 'a\u001b': 1 }, '/a\\u001b', 'is unknown'],
    [{ version: 1, rules: [{ name: 'x' }] }, '/rules/0', 'has none of'],
    [{ version: 1, rules: [{ require: {} }] }, '/rules/0/require', 'is empty'],
    [{ version: 1, rules: [{ require: { pvd: 7 } }] }, '/rules/0/require/pvd', 'is no text'],
    [{ version: 1, rules: [{ avoid: { pvd: 'x'.repeat(129) } }] }, '/rules/0/avoid/pvd', 'is too long'],
  ])('policy: %j is refused at %j', (value, path, why) => {
    expect(policyProblem(value)).toEqual({ path, why: expect.stringContaining(why) });
  });

  it('policy: whatever a policy has become, it is taken or refused, and never thrown at', () => {
    const random = new Random(40);
    const values = [null, 0, '', 'x', true, [], {}, [[]], '10.0.0.0/8', Number.NaN];
    for (let round = 0; round < 2_000; round++) {
      const copy = structuredClone(corporate) as unknown as Record<string, unknown>;
      let place: Record<string, unknown> = copy;
      for (;;) {
        const name = random.pick(Object.keys(place));
        const inner = place[name];
        if (typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0 && random.chance(0.8)) {
          place = inner as Record<string, unknown>;
          continue;
        }
        place[name] = random.pick(values);
        break;
      }
      expect([undefined, 'object']).toContain(typeof policyProblem(copy) === 'object' ? 'object' : undefined);
    }
  });

  it.each([
    ['eth0', 'eth0', true],
    ['eth0', 'eth01', false],
    ['wg*', 'wg', true],
    ['wg*', 'wlan0', false],
    ['*', '', true],
    ['a*b*c', 'axbxc', true],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'ac', false],
    ['ab*ba', 'aba', false],
    ['*0', 'eth0', true],
    ['**', 'x', true],
    [`${'*a'.repeat(40)}b`, 'a'.repeat(200), false],
  ])('policy: the pattern %j and the name %j: %j', (pattern, name, expected) => {
    expect(nameMatches(pattern, name)).toBe(expected);
  });
});

describe('policy source', () => {
  let root: string;
  let context: ToldInterfaces;
  let source: PolicySource;
  const path = () => join(root, 'etc/node-mif/policy.json');

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'mif-policy-'));
    context = new ToldInterfaces({ 2: 'wg0', 3: 'eth0' });
  });

  afterEach(() => {
    source.close();
    rmSync(root, { recursive: true });
  });

  async function open(policy?: unknown): Promise<void> {
    source = openPolicySource({ kind: 'file-system', path: root }, context, { policy });
    await source.ready;
  }

  function write(value: unknown): void {
    mkdirSync(join(root, 'etc/node-mif'), { recursive: true });
    writeFileSync(`${path()}.new`, typeof value === 'string' ? value : JSON.stringify(value));
    renameSync(`${path()}.new`, path());
  }

  const stateIs = (text: string) =>
    until(
      () => JSON.stringify(source.state),
      () => JSON.stringify(source.state).includes(text),
    );

  it('policy source: a file makes records of the interfaces that it is about (PVD-17, PVD-40)', async () => {
    write(corporate);
    await open();
    expect(source.state).toEqual({ state: 'working' });
    expect(source.records('if:2.1')).toMatchObject([
      {
        type: 'policy',
        key: 'file:0',
        defines: 'corp',
        prefixes: ['10.8.0.0/16'],
        resolvers: ['10.8.0.53'],
        routingDomains: ['corp.example'],
      },
      { key: 'file:1', extends: ['fe80::1'], categories: ['internet'], metered: true, trusted: false },
      { key: 'file:2', extends: ['guest.example'], extendsWithin: ['192.0.2.0/24'], hidden: true },
    ]);
    expect(source.records('if:3.1').map(({ key }) => key)).toEqual(['file:1', 'file:2']);
    expect(source.records('if:3.1')).toBe(source.records('if:3.1'));
    expect([source.records(undefined), source.records('if:9.1'), source.records('if:3.2')]).toEqual([[], [], []]);
    expect(source.rules).toEqual(corporate.rules);
  });

  it('policy source: what changed is told, of interfaces that were asked about; a removed file is no policy', async () => {
    await open();
    expect(source.state).toMatchObject({ state: 'absent', why: expect.stringContaining('/etc/node-mif/policy.json') });
    expect([source.records('if:2.1'), source.records('if:3.1')]).toEqual([[], []]);
    write({ version: 1, domains: [{ match: { interface: 'eth0' }, metered: true }] });
    await stateIs('working');
    expect([...source.takeChanged()]).toEqual(['if:3.1']);
    expect(source.records('if:3.1')).toMatchObject([{ metered: true, extends: undefined }]);
    context.set(3, 'lan0');
    source.followInterfaces();
    expect([...source.takeChanged()]).toEqual(['if:3.1']);
    expect(source.records('if:3.1')).toEqual([]);
    rmSync(path());
    await stateIs('absent');
    expect(source.rules).toEqual([]);
  });

  it('policy source: a file that is wrong is told with its place, and the last good one holds', async () => {
    write({ version: 1, domains: [{ match: {}, metered: true }] });
    await open();
    const before = source.records('if:3.1');
    write({ version: 1, domains: [{ match: {}, metered: 'yes' }] });
    await stateIs('/domains/0/metered is neither true nor false; the last good one holds');
    expect(source.state.state).toBe('limited');
    expect(source.records('if:3.1')).toBe(before);
    write('{"version": 1,');
    await stateIs('is no JSON');
    expect(source.records('if:3.1')).toBe(before);
    write({ version: 1 });
    await stateIs('working');
    expect(source.records('if:3.1')).toEqual([]);
  });

  it('policy source: a file that everybody may write is not followed', async () => {
    write({ version: 1, domains: [{ match: {}, hidden: true }] });
    chmodSync(path(), 0o666);
    await open();
    expect(source.state).toMatchObject({ state: 'limited', why: expect.stringContaining('everybody may write to it') });
    expect(source.records('if:3.1')).toEqual([]);
    chmodSync(path(), 0o644);
    await stateIs('working');
    expect(source.records('if:3.1')).toHaveLength(1);
  });

  it('policy source: the same from the program, after the administrator’s (SEC-26)', async () => {
    write({ version: 1, rules: [{ prohibit: { metered: true } }] });
    await open(corporate);
    expect(source.rules.map((rule) => Object.keys(rule)[0])).toEqual(['prohibit', 'name', 'for']);
    expect(source.records('if:3.1').map(({ key }) => key)).toEqual(['program:1', 'program:2']);
    source.setPolicy(undefined);
    expect([...source.takeChanged()]).toEqual(['if:3.1']);
    expect(source.records('if:3.1')).toEqual([]);
  });

  it('policy source: a program’s that is none is refused at once, and a later change of its object has no effect', async () => {
    const policy = { version: 1, domains: [{ match: {}, metered: true }] };
    await open(policy);
    policy.domains[0]!.metered = false;
    expect(source.records('if:3.1')).toMatchObject([{ metered: true }]);
    const loop: Record<string, unknown> = { version: 1 };
    loop['domains'] = loop;
    for (const wrong of [null, 7, loop, { version: 1, domains: [{ match: {}, resolvers: ['x'] }] }]) {
      let thrown: unknown;
      try {
        source.setPolicy(wrong);
      } catch (error) {
        thrown = error;
      }
      expect(isMifError(thrown, 'ERR_MIF_INVALID_ARG')).toBe(true);
    }
    expect(source.records('if:3.1')).toMatchObject([{ metered: true }]);
  });

  it('policy source: of a host whose files are not ours none is read, unless one is named', async () => {
    const none = { kind: 'none', why: 'it is another host' } as const;
    source = openPolicySource(none, context);
    expect(source.state).toEqual({ state: 'absent', why: 'it is another host' });
  });
});
