// SPDX-License-Identifier: MIT
// binding.d.ts, written by hand, against the library that it describes: names and numbers of arguments, both ways; and
// what comes out of it against the shapes it promises.

import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  NativeBinding,
  NativeDatagramSocket,
  NativeMonitor,
  NativeRouterListener,
  NativeSnapshot,
} from '../../lib/binding/native.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const library: NativeBinding = createRequire(import.meta.url)('node-gyp-build')(root);

const live = 2;
const loopback = 1;

/** Members of an interface of binding.d.ts, each with whether it may be absent. */
function declared(name: string): Map<string, { isOptional: boolean }> {
  const path = `${root}binding.d.ts`;
  const source = ts.createSourceFile(path, ts.sys.readFile(path) ?? '', ts.ScriptTarget.Latest, true);
  const found = source.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === name);
  if (found === undefined || !ts.isInterfaceDeclaration(found)) throw new Error(`no interface ${name}`);
  return new Map(
    found.members.map((member) => [
      (member.name as ts.Identifier).text,
      { isOptional: member.questionToken !== undefined },
    ]),
  );
}

/** Names that an object has of its own class or itself, without what every object has. */
function namesOf(object: object): string[] {
  const prototype = Object.getPrototypeOf(object);
  const own = Object.keys(object);
  if (prototype === Object.prototype) return own.sort();
  return [...own, ...Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor')].sort();
}

describe('surface', () => {
  let monitor: NativeMonitor;
  let snapshot: NativeSnapshot;
  let datagrams: NativeDatagramSocket;
  let routers: NativeRouterListener;

  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      const onWake = () => {
        snapshot = monitor.snapshot();
        if (monitor.state() === live) resolve();
      };
      monitor = library.openMonitor({ settleMs: 0, onWake });
      monitor.hold(true);
    });
    const fd = library.createBoundSocket(4, 1, 0, '', undefined, 0);
    datagrams = library.openDatagramSocket({ fd, family: 4, interfaceIndex: 0, longest: 1, onReady: () => {} });
    routers = monitor.openRouterListener({ news: 'options', onReady: () => {} });
  });
  afterAll(() => {
    datagrams.close();
    routers.close();
    monitor.close();
  });

  it.each([
    ['NativeBinding', () => library],
    ['NativeMonitor', () => monitor],
    ['NativeSnapshot', () => snapshot],
    ['NativeCapabilities', () => monitor.capabilities()],
    ['NativeStats', () => monitor.stats()],
    ['NativeDatagramSocket', () => datagrams],
    ['NativeRouterListener', () => routers],
    ['NativeHearing', () => routers.receive()],
  ] as const)('surface: the library has what %s declares, and nothing else', (name, object) => {
    expect(namesOf(object())).toEqual([...declared(name).keys()].sort());
  });

  it('surface: what a call throws has all that a NativeFailure must have, and nothing undeclared', () => {
    const members = declared('NativeFailure');
    const names = Object.getOwnPropertyNames(thrownByHeldDevice()).filter((name) => name !== 'stack');
    expect(names.filter((found) => !members.has(found))).toEqual([]);
    const required = [...members].filter(([, { isOptional }]) => !isOptional).map(([member]) => member);
    expect(required.filter((member) => !names.includes(member))).toEqual([]);
  });

  it('surface: a descriptor is told as a number, and what it is held to as an index', () => {
    const fd = library.createBoundSocket(6, 1, loopback, 'lo', undefined, 0);
    expect([typeof fd, library.heldDevice(fd)]).toEqual(['number', loopback]);
    library.closeDescriptor(fd);
  });

  it('surface: what is declared as a function is one, and what is not is a value', () => {
    const kinds = (object: object, names: Iterable<string>) =>
      [...names].filter((name) => typeof (object as Record<string, unknown>)[name] === 'function');
    expect(kinds(library, declared('NativeBinding').keys())).not.toContain('contractDigest');
    expect(kinds(monitor, declared('NativeMonitor').keys()).length).toBe(declared('NativeMonitor').size);
    expect(kinds(snapshot, declared('NativeSnapshot').keys())).toEqual(['size', 'read', 'difference']);
  });

  it('surface: methods refuse objects that are not theirs', () => {
    expect(() => monitor.state.call({} as NativeMonitor)).toThrow(TypeError);
    expect(() => monitor.state.call(snapshot as never)).toThrow(TypeError);
    expect(() => snapshot.size.call(monitor as never, 0)).toThrow(TypeError);
    expect(() => Object.create(monitor).state()).toThrow(TypeError);
  });

  it('surface: classes cannot be used to make what only the library makes', () => {
    const { constructor: Snapshot } = Object.getPrototypeOf(snapshot);
    expect(() => new Snapshot()).toThrow(/snapshots are taken by/);
    expect(() => Snapshot()).toThrow(TypeError);
  });

  function thrownByHeldDevice(): object {
    const file = openSync('/dev/null', 'r');
    try {
      library.heldDevice(file);
    } catch (error) {
      return error as object;
    } finally {
      closeSync(file);
    }
    throw new Error('nothing was thrown');
  }
});
