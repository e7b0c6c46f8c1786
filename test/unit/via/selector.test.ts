// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { type Conditions, readSelector, type ViaSelector } from '../../../lib/via/selector.ts';

const nothing: Conditions = { require: [], prefer: [], avoid: [], prohibit: [] };

describe('selector', () => {
  test.each<[selector: ViaSelector, conditions: Partial<Conditions>]>([
    [{}, {}],
    [{ kind: 'veth' }, { require: [{ property: 'kind', values: ['veth'] }] }],
    [{ require: { kind: 'veth' } }, { require: [{ property: 'kind', values: ['veth'] }] }],
    [{ kind: ['wifi', 'ethernet', 'ppp'] }, { require: [{ property: 'kind', values: ['wlan', 'ether', 'ppp'] }] }],
    [
      { prefer: { interface: ['eth0', 3, 'if:4.1'] } },
      { prefer: [{ property: 'interface', values: ['eth0', 3, 'if:4.1'] }] },
    ],
    [{ avoid: { family: 4 } }, { avoid: [{ property: 'family', values: [4] }] }],
    [
      { source: ['2001:DB8:0::1', '192.0.2.0/24'] },
      { require: [{ property: 'source', values: ['2001:db8::1', '192.0.2.0/24'] }] },
    ],
    [{ prohibit: { metered: true } }, { prohibit: [{ property: 'metered', values: [true] }] }],
    [
      { mark: 0xffff_ffff, netns: 'blue' },
      { mark: 0xffff_ffff, netns: 'blue' },
    ],
    [
      { mark: 7, require: { mark: 7, netns: 4711 } },
      { mark: 7, netns: 4711 },
    ],
    // Bare properties and those of the level hold together.
    [
      { vpn: true, require: { vpn: true, category: 'voice' } },
      {
        require: [
          { property: 'vpn', values: [true] },
          { property: 'vpn', values: [true] },
          { property: 'category', values: ['voice'] },
        ],
      },
    ],
    // Some of what is required is left.
    [
      { kind: ['veth', 'dummy'], prohibit: { kind: 'veth' } },
      {
        require: [{ property: 'kind', values: ['veth', 'dummy'] }],
        prohibit: [{ property: 'kind', values: ['veth'] }],
      },
    ],
  ])('selector: %j is understood (APP-08)', (selector, conditions) => {
    expect(readSelector(selector, 'via')).toEqual({ ...nothing, ...conditions });
  });

  test.each<[selector: unknown, message: RegExp]>([
    [{ knd: 'veth' }, /^option via\.knd: a selector has no such property; it has interface, pvd, kind/],
    [{ prefer: { knd: 'veth' } }, /^option via\.prefer\.knd: a selector has no such property/],
    [{ toString: 'veth' }, /^option via\.toString: a selector has no such property/],
    [{ kind: 7 }, /^option via\.kind: 7 is not a word$/],
    [{ prefer: { kind: '' } }, /^option via\.prefer\.kind: '' is not a word$/],
    [{ avoid: { kind: [] } }, /^option via\.avoid\.kind: an empty list names nothing$/],
    [{ kind: ['veth', null] }, /^option via\.kind\[1\]: null is not a word$/],
    [{ kind: [['veth']] }, /^option via\.kind\[0\]: a list is not a word$/],
    // A condition that was forgotten must not become one that anything satisfies.
    [{ interface: undefined }, /^option via\.interface: undefined is not a name, an id or an index$/],
    [{ require: undefined }, /^option via\.require: undefined is not an object/],
    [{ interface: 0 }, /^option via\.interface: 0 is not a name/],
    [{ interface: 1.5 }, /^option via\.interface: 1\.5 is not a name/],
    [{ pvd: {} }, /^option via\.pvd: an object is not an id or a handle$/],
    [{ family: 5 }, /^option via\.family: 5 is not 4 or 6$/],
    [{ family: '4' }, /^option via\.family: '4' is not 4 or 6$/],
    [
      { source: '192.0.2.0/33' },
      /^option via\.source: '192\.0\.2\.0\/33' is not an address or a prefix, without zone$/,
    ],
    [{ source: 'fe80::1%eth0' }, /^option via\.source: /],
    [{ metered: 'no' }, /^option via\.metered: 'no' is not true or false$/],
    [{ vpn: [true] }, /^option via\.vpn: a list is not true or false$/],
    [{ mark: -1 }, /^option via\.mark: -1 is not a whole number/],
    [{ mark: 2 ** 32 }, /^option via\.mark: 4294967296 is not a whole number/],
    [{ mark: Number.NaN }, /^option via\.mark: NaN is not a whole number/],
    [{ prefer: { mark: 7 } }, /^option via\.prefer\.mark: mark can only be required$/],
    [{ prohibit: { netns: 'blue' } }, /^option via\.prohibit\.netns: netns can only be required$/],
    [{ mark: 7, require: { mark: 8 } }, /^option via\.require\.mark: 8 is required, and 7 as well$/],
    [{ netns: '' }, /^option via\.netns: '' is not a name, a path or a process id$/],
    [{ prefer: [{ kind: 'veth' }] }, /^option via\.prefer: a list is not an object/],
    [{ prefer: { prefer: { kind: 'veth' } } }, /^option via\.prefer\.prefer: a selector has no such property/],
    [{ kind: 'veth', prohibit: { kind: 'veth' } }, /^option via\.prohibit\.kind: veth is required as well$/],
    [{ kind: 'wifi', prohibit: { kind: ['wlan', 'ppp'] } }, /^option via\.prohibit\.kind: wlan is required as well$/],
    [{ vpn: true, prohibit: { vpn: true } }, /^option via\.prohibit\.vpn: true is required as well$/],
    [new Map([['kind', 'veth']]), /^option via: an object is not an object with properties of a network$/],
    [new Date(0), /^option via: /],
  ])('selector: %j is refused by name (APP-18)', (selector, message) => {
    expect(() => readSelector(selector as object, 'via')).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG', message: expect.stringMatching(message) }),
    );
  });

  test('selector: an object without prototype is one, and a place in a list is named', () => {
    const bare = Object.assign(Object.create(null) as object, { kind: 'veth' });
    expect(readSelector(bare, 'via').require).toEqual([{ property: 'kind', values: ['veth'] }]);
    expect(() => readSelector({ kind: 1 }, 'via[2]')).toThrow(/^option via\[2\]\.kind: /);
  });
});
