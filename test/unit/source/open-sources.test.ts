// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { NativeMonitor } from '../../../lib/binding/native.ts';
import type { RecordOrigin } from '../../../lib/pvd/record.ts';
import type { RecordSource } from '../../../lib/pvd/source.ts';
import { openSources, type SourceFactory } from '../../../lib/source/open-sources.ts';
import { checkSources, type SourceChoice } from '../../../lib/source/source-choice.ts';
import { rootOfNamespace } from '../../../lib/source/root-of-namespace.ts';

const context = { interfaceAt: () => undefined, interfaceNamed: () => undefined, now: () => 0, onChange: () => {} };
const place = { monitor: {} as NativeMonitor, netns: undefined, isOwn: true };

function source(origin: RecordOrigin): RecordSource {
  return {
    origin,
    state: origin === 'networkd' ? { state: 'absent', why: 'no /run/systemd/netif' } : { state: 'working' },
    takeChanged: () => [],
    records: () => [],
    followInterfaces: () => {},
    nextDeadline: undefined,
    expire: () => {},
    close: () => {},
  };
}

const factories: readonly SourceFactory[] = [
  {
    origins: ['router-advertisements', 'nd-user-options'],
    open: () => [source('router-advertisements')],
  },
  {
    origins: ['networkd', 'dhclient'],
    open: (_context, _place, isWanted) => (['networkd', 'dhclient'] as const).filter(isWanted).map(source),
  },
];

const open = (choice: SourceChoice) => openSources(choice, context, place, factories);

describe('sources of a host', () => {
  it('sources: all of them tell what they can, and why not (PVD-84)', () => {
    const { sources, reports } = open('all');
    expect(sources.map(({ origin }) => origin)).toEqual(['router-advertisements', 'networkd', 'dhclient']);
    expect(reports()).toEqual([
      { origin: 'router-advertisements', state: 'working' },
      { origin: 'nd-user-options', state: 'absent', why: 'a better source tells it here', isCovered: true },
      { origin: 'networkd', state: 'absent', why: 'no /run/systemd/netif' },
      { origin: 'dhclient', state: 'working' },
    ]);
  });

  it.each<[SourceChoice, string[]]>([
    ['kernel', []],
    [[], []],
    [['dhclient'], ['dhclient']],
  ])('sources: of %j opens no others', (choice, origins) => {
    const { sources, reports } = open(choice);
    expect(sources.map(({ origin }) => origin)).toEqual(origins);
    expect(
      reports()
        .filter(({ state }) => state === 'working')
        .map(({ origin }) => origin),
    ).toEqual(origins);
  });

  it.each([undefined, 'none', ['kernel'], [1], {}])('sources: refuses %j', (choice) => {
    expect(() => checkSources(choice)).toThrow(expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' }));
  });
});

describe('files of a namespace', () => {
  it('sources: of another namespace nothing of ours is read', () => {
    expect(rootOfNamespace({ netns: 'blue', isOwn: false })).toEqual({ kind: 'netns', name: 'blue' });
    expect(rootOfNamespace({ netns: '/proc/1/ns/net', isOwn: false })).toMatchObject({ kind: 'none' });
    // This very process stands for one that has our files and another network.
    expect(rootOfNamespace({ netns: process.pid, isOwn: false })).toMatchObject({ kind: 'none' });
    expect(rootOfNamespace({ netns: 2 ** 22, isOwn: false })).toMatchObject({ kind: 'none' });
  });
});
