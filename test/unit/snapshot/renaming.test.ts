// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { Route } from '../../../lib/binding/contract.gen.ts';
import type { Interface } from '../../../lib/snapshot/change.ts';
import type { Step } from '../../../lib/snapshot/difference.ts';
import { renamingSteps } from '../../../lib/snapshot/renaming.ts';
import type { HostSnapshot } from '../../../lib/snapshot/snapshot.ts';
import { link } from '../pvd/records.ts';

function route(name: string, index: number): Route {
  return {
    interface: name,
    index,
    family: 6,
    destination: 'fe80::/64',
    table: 254,
    tos: 0,
    metric: 256,
    protocol: 'kernel',
    scope: 'global',
    type: 'unicast',
  } as Route;
}

/** What renaming looks at of a snapshot. */
function snapshot(synced: boolean, interfaces: Interface[], routes: Route[]): HostSnapshot {
  const names = new Map(interfaces.map(({ index, name }) => [index, name]));
  return { synced, interfaces, routes, names, addresses: [], nexthops: [], neighbours: [] } as unknown as HostSnapshot;
}

const w0 = link('w0', 7);
const added: Step = { kind: 'interface', operation: 'added', after: w0 };
const removed: Step = { kind: 'interface', operation: 'removed', before: w0 };

describe('renaming', () => {
  it('renaming: a route that was read before its interface gets its name with it (A9)', () => {
    const earlier = snapshot(false, [], [route('if7', 7), route('eth0', 3)]);
    const later = snapshot(true, [w0], [route('w0', 7), route('eth0', 3)]);
    expect(renamingSteps([added], earlier, later)).toEqual([
      { kind: 'route', operation: 'changed', before: route('if7', 7), after: route('w0', 7) },
    ]);
  });

  it('renaming: a route that outlives its interface in the picture loses its name with it (D5)', () => {
    const earlier = snapshot(true, [w0], [route('w0', 7)]);
    const later = snapshot(false, [], [route('if7', 7)]);
    expect(renamingSteps([removed], earlier, later)).toEqual([
      { kind: 'route', operation: 'changed', before: route('w0', 7), after: route('if7', 7) },
    ]);
  });

  it('renaming: a route that comes with its interface is told once', () => {
    const earlier = snapshot(false, [], []);
    const later = snapshot(true, [w0], [route('w0', 7)]);
    const come: Step = { kind: 'route', operation: 'added', after: route('w0', 7) };
    expect(renamingSteps([added, come], earlier, later)).toEqual([]);
  });

  it('renaming: a route whose hop died in silence meanwhile gets the new name too (B3, B7)', () => {
    const dead: Route = { ...route('wan0', 7), flags: ['dead', 'linkdown'] };
    const renamed: Step = { kind: 'interface', operation: 'changed', before: w0, after: { ...w0, name: 'wan0' } };
    const earlier = snapshot(true, [w0], [{ ...route('w0', 7), flags: [] }]);
    const later = snapshot(true, [{ ...w0, name: 'wan0' }], [dead]);
    expect(renamingSteps([renamed], earlier, later)).toEqual([
      { kind: 'route', operation: 'changed', before: { ...route('w0', 7), flags: [] }, after: dead },
    ]);
  });

  it('renaming: between two snapshots in sync no table is walked for an interface that comes or goes', () => {
    const unread = {
      [Symbol.iterator]: () => {
        throw new Error('walked');
      },
    } as unknown as Route[];
    const [before, after] = [snapshot(true, [], unread), snapshot(true, [w0], unread)];
    expect(renamingSteps([added], before, after)).toEqual([]);
    expect(renamingSteps([removed], after, before)).toEqual([]);
  });
});
