// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import type { Carrier } from '../../../lib/via/carrier.ts';
import { candidatesOf } from '../../../lib/via/candidates.ts';
import { heldTo, ranked, whyNot } from '../../../lib/via/ranking.ts';
import { readSelector, type ViaSelector } from '../../../lib/via/selector.ts';
import {
  dark,
  snapshot,
  tunnel,
  tunnelDomain,
  wired,
  wiredDomain,
  wireless,
  wirelessDomain4,
  wirelessDomain6,
} from './networks.ts';

const desk: Carrier = { interface: wired, pvd: wiredDomain };
const air4: Carrier = { interface: wireless, pvd: wirelessDomain4 };
const air6: Carrier = { interface: wireless, pvd: wirelessDomain6 };
const vpn: Carrier = { interface: tunnel, pvd: tunnelDomain };
const off: Carrier = { interface: dark };

const conditions = (selector: ViaSelector) => readSelector(selector, 'via');

describe('ranking: conditions', () => {
  test.each<[selector: ViaSelector, carrier: Carrier]>([
    [{}, off],
    [{ interface: 'eth0' }, desk],
    [{ interface: ['nosuch0', 'desk'] }, desk],
    [{ interface: 3 }, desk],
    [{ interface: 'if:4.2' }, air4],
    [{ pvd: 'eth0/fe80::1' }, desk],
    [{ pvd: 'eth0/192.0.2.1' }, desk],
    [{ pvd: wiredDomain.handle }, desk],
    [{ kind: 'wifi' }, air4],
    [{ kind: 'ethernet' }, desk],
    [{ kind: ['wireguard', 'wlan'] }, vpn],
    [{ family: 4 }, desk],
    [{ family: 6 }, desk],
    [{ family: [4, 6] }, air4],
    [{ source: '192.0.2.7' }, desk],
    [{ source: '2001:db8:1::/48' }, desk],
    [{ source: ['203.0.113.0/24', '192.0.2.0/24'], family: 4 }, desk],
    [{ metered: true }, air6],
    [{ validated: true }, air6],
    [{ vpn: true }, vpn],
    [{ vpn: false }, desk],
    [{ prohibit: { kind: 'wlan' } }, desk],
    [{ prohibit: { vpn: true } }, desk],
    [{ prohibit: { family: 4 } }, desk],
    [{ prohibit: { source: '192.0.2.0/24' } }, desk],
    [{ prohibit: { interface: 'eth0', pvd: 'eth0/fe80::1' } }, off],
    [{ prefer: { interface: 'nosuch0' }, avoid: { kind: 'ether' } }, desk],
  ])('ranking: %j lets through (APP-08, HE-29)', (selector, carrier) => {
    expect(whyNot(carrier, conditions(selector))).toBeUndefined();
  });

  test.each<[selector: ViaSelector, carrier: Carrier, why: string]>([
    [{ interface: 'wlan0' }, desk, 'interface is eth0, not wlan0'],
    [{ interface: [4, 5] }, desk, 'interface is eth0, not 4 or 5'],
    [{ pvd: 'wlan0/fe80::2' }, desk, 'pvd is eth0/fe80::1, not wlan0/fe80::2'],
    [{ pvd: 'wlan0/fe80::2' }, off, 'it has no pvd'],
    [{ kind: 'wifi' }, desk, 'kind is ether, not wlan'],
    [{ family: 6 }, air4, 'family is 4, not 6'],
    [{ family: 6 }, off, 'it has no usable address'],
    [{ source: '203.0.113.0/24' }, desk, 'source is 192.0.2.7 and 2001:db8:1::7, not 203.0.113.0/24'],
    // One address has to satisfy all that is said of addresses.
    [{ source: '192.0.2.0/24', family: 6 }, desk, 'family is 4, not 6'],
    [{ source: '2001:db8:2::8' }, air6, 'source is 2001:db8:2::7, not 2001:db8:2::8'],
    [{ metered: false }, air6, 'metered is true, not false'],
    [{ vpn: false }, vpn, 'vpn is true, not false'],
    [{ prohibit: { interface: 'desk' } }, desk, 'interface is eth0, and desk is prohibited'],
    [{ prohibit: { kind: ['wlan', 'ether'] } }, desk, 'kind is ether, and wlan or ether is prohibited'],
    [{ prohibit: { family: 4 } }, air4, 'family is 4, and 4 is prohibited'],
    [{ prohibit: { metered: true } }, air6, 'metered is true, and true is prohibited'],
  ])('ranking: %j excludes, and says why (APP-08, HE-29)', (selector, carrier, why) => {
    expect(whyNot(carrier, conditions(selector))).toBe(why);
  });

  test.each<[selector: ViaSelector, why: string]>([
    [{ metered: false }, 'metered is not known'],
    [{ metered: true }, 'metered is not known'],
    [{ validated: true }, 'validated is not known'],
    [{ category: 'voice' }, 'category is not known'],
    [{ prohibit: { metered: true } }, 'metered is not known, and true is prohibited'],
    [{ prohibit: { category: ['voice', 'bulk'] } }, 'category is not known, and voice or bulk is prohibited'],
  ])('ranking: %j is never guessed (SEC-32)', (selector, why) => {
    expect(whyNot(desk, conditions(selector))).toBe(why);
  });
});

describe('ranking: order', () => {
  const all = candidatesOf(snapshot);
  const order = (selector: ViaSelector) =>
    ranked(all, conditions(selector)).map(({ interface: { name }, pvd }) => pvd?.id ?? name);
  const plain = ['eth0/fe80::1', 'wlan0/fe80::2', 'wlan0/198.51.100.1', 'wg0/static', 'eth1'];

  test.each<[selector: ViaSelector, first: string[]]>([
    [{}, plain],
    [{ require: { kind: 'wlan' }, prohibit: { kind: 'ppp' } }, plain],
    [{ prefer: { kind: 'wireguard' } }, ['wg0/static', 'eth0/fe80::1', 'wlan0/fe80::2']],
    [{ avoid: { interface: 'eth0' } }, ['wlan0/fe80::2', 'wlan0/198.51.100.1', 'wg0/static', 'eth1', 'eth0/fe80::1']],
    // Two wishes that hold come before one; equals stay as the system would have them.
    [{ prefer: { kind: 'wlan', family: 4 } }, ['wlan0/198.51.100.1', 'eth0/fe80::1', 'wlan0/fe80::2', 'wg0/static']],
    // What is preferred is preferred even where it is avoided too.
    [
      { prefer: { kind: 'wlan' }, avoid: { interface: 'wlan0' } },
      ['wlan0/fe80::2', 'wlan0/198.51.100.1', 'eth0/fe80::1'],
    ],
    [
      { prefer: { kind: 'wlan' }, avoid: { family: 6 } },
      ['wlan0/198.51.100.1', 'wlan0/fe80::2', 'wg0/static', 'eth1', 'eth0/fe80::1'],
    ],
    // What is not known is neither.
    [{ prefer: { category: 'voice' }, avoid: { category: 'bulk' } }, plain],
    [{ avoid: { metered: true } }, ['eth0/fe80::1', 'wlan0/198.51.100.1', 'wg0/static', 'eth1', 'wlan0/fe80::2']],
  ])('ranking: %j orders, prefer before avoid, and nothing else (APP-09)', (selector, first) => {
    expect(order(selector).slice(0, first.length)).toEqual(first);
    expect(order(selector)).toHaveLength(all.length);
  });
});

describe('ranking: what a carrier is held to', () => {
  test.each<[selector: ViaSelector, sources: string[] | undefined]>([
    [{ kind: 'ether' }, undefined],
    [{ prefer: { family: 6 } }, undefined],
    [{ family: 6 }, ['2001:db8:1::7']],
    [{ source: '192.0.2.0/24' }, ['192.0.2.7']],
    [{ prohibit: { family: 4 } }, ['2001:db8:1::7']],
    [{ family: [4, 6], prohibit: { source: '2001:db8::/32' } }, ['192.0.2.7']],
  ])('ranking: %j leaves these addresses as sources', (selector, sources) => {
    expect(heldTo(desk, conditions(selector)).sources).toEqual(sources);
  });

  test('ranking: a mark is the socket’s, whatever the addresses', () => {
    expect(heldTo(desk, conditions({ mark: 7 }))).toEqual({ ...desk, mark: 7 });
    expect(heldTo(desk, conditions({ mark: 7, family: 4 }))).toMatchObject({ mark: 7, sources: ['192.0.2.7'] });
  });
});
