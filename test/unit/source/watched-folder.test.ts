// SPDX-License-Identifier: MIT
// Watching folders of a real file system: files that are replaced, half written, removed with their folder, or behind links. What
// is still watched is counted where the kernel shows it.

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pathInRoot } from '../../../lib/source/file/path-in-root.ts';
import { mostBytes } from '../../../lib/source/file/steady-read.ts';
import { WatchedFolder } from '../../../lib/source/file/watched-folder.ts';
import { Random } from '../../lab/random.ts';
import { until } from '../../lab/until.ts';

let root: string;
let folder: WatchedFolder | undefined;
let changes: number;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mif-watched-'));
  changes = 0;
});

afterEach(() => {
  folder?.close();
  folder = undefined;
  rmSync(root, { recursive: true });
});

async function watch(path: string, wants = (name: string) => !name.startsWith('.')): Promise<WatchedFolder> {
  folder = new WatchedFolder({
    root,
    folder: path,
    wants,
    isWhole: (text) => text.endsWith('\n'),
    onChange: () => changes++,
  });
  await folder.ready;
  return folder;
}

const write = (path: string, text: string) => writeFileSync(join(root, path), text);

/** As daemons do it. */
function replace(path: string, text: string): void {
  write(`${path}.new`, text);
  renameSync(join(root, `${path}.new`), join(root, path));
}

const texts = () => Object.fromEntries([...folder!.files].map(([name, { text }]) => [name, text]));

const becomes = (expected: Record<string, string>) =>
  until(
    () => `${JSON.stringify(expected)} instead of ${JSON.stringify(texts())}`,
    () => JSON.stringify(texts()) === JSON.stringify(expected),
  );

/** Watches of inotify that this process has. */
function watches(): number {
  let count = 0;
  for (const descriptor of readdirSync('/proc/self/fd')) {
    try {
      if (!readlinkSync(`/proc/self/fd/${descriptor}`).includes('inotify')) continue;
      count += readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8').match(/^inotify /gm)?.length ?? 0;
    } catch {
      // It was the descriptor of the listing itself.
    }
  }
  return count;
}

describe.skipIf(!existsSync('/proc/self/fdinfo'))('watched folder', () => {
  it('folder: files that are there, come, are replaced, and go', async () => {
    mkdirSync(join(root, 'run'));
    write('run/a', 'one\n');
    await watch('/run', (name) => name.length === 1);
    expect(texts()).toEqual({ a: 'one\n' });
    expect(folder?.exists).toBe(true);
    replace('run/b', 'two\n');
    await becomes({ a: 'one\n', b: 'two\n' });
    const { a } = Object.fromEntries(folder!.files);
    replace('run/b', 'six\n');
    await becomes({ a: 'one\n', b: 'six\n' });
    // What did not change is the same reading.
    expect(folder!.files.get('a')).toBe(a);
    rmSync(join(root, 'run/b'));
    await becomes({ a: 'one\n' });
  });

  it('folder: one that does not exist is waited for, however deep, through a restart of its daemon', async () => {
    await watch('/run/systemd/netif/links');
    expect([folder!.exists, texts()]).toEqual([false, {}]);
    for (const round of ['one', 'two', 'three']) {
      mkdirSync(join(root, 'run/systemd/netif/links'), { recursive: true });
      replace('run/systemd/netif/links/2', `${round}\n`);
      await becomes({ 2: `${round}\n` });
      rmSync(join(root, round === 'one' ? 'run/systemd/netif' : 'run'), { recursive: true });
      await becomes({});
      expect(folder!.exists).toBe(false);
    }
  });

  it('folder: removed and made again at once, its files are the new ones', async () => {
    mkdirSync(join(root, 'run/netif'), { recursive: true });
    write('run/netif/2', 'old\n');
    await watch('/run/netif');
    for (const text of ['new\n', 'next\n', 'newer\n']) {
      rmSync(join(root, 'run/netif'), { recursive: true });
      mkdirSync(join(root, 'run/netif'));
      write('run/netif/2', text);
      await becomes({ 2: text });
    }
    write('run/netif/3', 'more\n');
    await becomes({ 2: 'newer\n', 3: 'more\n' });
  });

  it('folder: a file that is half written is not believed; the last whole one stays until it is', async () => {
    write('conf', 'whole\n');
    await watch('/', (name) => name === 'conf');
    truncateSync(join(root, 'conf'));
    appendFileSync(join(root, 'conf'), 'nameserver 10.0.0.5');
    await delay(300);
    expect(texts()).toEqual({ conf: 'whole\n' });
    appendFileSync(join(root, 'conf'), '3\n');
    await becomes({ conf: 'nameserver 10.0.0.53\n' });
    // What was there at the start, and this.
    expect(changes).toBe(2);
  });

  it('folder: a file without a last line break is believed when nobody has touched it for a second', async () => {
    write('conf', 'one\n');
    await watch('/', (name) => name === 'conf');
    write('conf', 'by hand');
    const start = performance.now();
    await becomes({ conf: 'by hand' });
    expect(performance.now() - start).toBeGreaterThan(900);
  });

  it('folder: a link is followed below the root, and where it leads is watched too', async () => {
    mkdirSync(join(root, 'etc'));
    mkdirSync(join(root, 'run/resolve'), { recursive: true });
    symlinkSync('/run/resolve/stub.conf', join(root, 'etc/resolv.conf'));
    write('run/resolve/stub.conf', 'one\n');
    await watch('/etc', (name) => name === 'resolv.conf');
    expect(texts()).toEqual({ 'resolv.conf': 'one\n' });
    replace('run/resolve/stub.conf', 'two\n');
    await becomes({ 'resolv.conf': 'two\n' });
    rmSync(join(root, 'etc/resolv.conf'));
    await becomes({});
    replace('etc/resolv.conf', 'three\n');
    await becomes({ 'resolv.conf': 'three\n' });
  });

  it('folder: a link to another file of the same folder is followed as well', async () => {
    mkdirSync(join(root, 'etc'));
    write('etc/real', 'one\n');
    symlinkSync('real', join(root, 'etc/resolv.conf'));
    await watch('/etc', (name) => name === 'resolv.conf');
    replace('etc/real', 'two\n');
    await becomes({ 'resolv.conf': 'two\n' });
  });

  it('folder: of a thousand files only those are looked at that an event told of, and none is missed', async () => {
    mkdirSync(join(root, 'links'));
    for (let at = 0; at < 1_000; at++) write(`links/${at}`, 'old\n');
    await watch('/links', (name) => /^\d+$/.test(name));
    const last = folder!.files.get('7');
    for (let at = 0; at < 1_000; at++) {
      if (at !== 7) replace(`links/${at}`, `new ${at}\n`);
      if (at % 50 === 0) await delay(1);
    }
    await until(
      'all of them',
      () => [...folder!.files.values()].filter(({ text }) => text.startsWith('new')).length === 999,
    );
    expect(folder!.files.get('7')).toBe(last);
    rmSync(join(root, 'links/7'));
    await until('the file to be gone', () => folder!.files.size === 999);
  });

  it('folder: whatever a writer does, only states are seen that it meant, and the last one is', async () => {
    const random = new Random(3);
    const written = new Set<string>();
    const seen = new Set<string>();
    mkdirSync(join(root, 'run'));
    folder = new WatchedFolder({
      root,
      folder: '/run',
      wants: (name) => name === 'state',
      isWhole: (text) => text.endsWith('end\n'),
      onChange: () => {
        const file = folder?.files.get('state');
        if (file !== undefined) seen.add(file.text);
      },
    });
    await folder.ready;
    let last = '';
    for (let round = 0; round < 150; round++) {
      last = `${'line\n'.repeat(random.below(2_000))}${round} end\n`;
      written.add(last);
      if (random.chance(0.3)) replace('run/state', last);
      else {
        // In place, in pieces, with pauses between.
        write('run/state', '');
        for (let at = 0; at < last.length; ) {
          const length = random.between(1, 4_000);
          appendFileSync(join(root, 'run/state'), last.slice(at, at + length));
          at += length;
          if (random.chance(0.5)) await delay(random.below(8));
        }
      }
      if (random.chance(0.2)) await delay(random.below(40));
      if (random.chance(0.05)) {
        rmSync(join(root, 'run'), { recursive: true });
        mkdirSync(join(root, 'run'));
        write('run/state', last);
      }
    }
    await becomes({ state: last });
    expect([...seen].filter((text) => !written.has(text))).toEqual([]);
    expect(seen.size).toBeGreaterThan(5);
  });

  it('path: no link leads out of the root, and a loop of links leads nowhere', async () => {
    mkdirSync(join(root, 'a/b'), { recursive: true });
    symlinkSync('../../../../../../etc/passwd', join(root, 'a/b/up'));
    symlinkSync('/a/b', join(root, 'absolute'));
    symlinkSync('loop', join(root, 'loop'));
    expect(await pathInRoot(root, '/a/b/up')).toBe(`${root}/etc/passwd`);
    expect(await pathInRoot(root, '/absolute/../c')).toBe(`${root}/c`);
    expect(await pathInRoot(root, '/absolute/file')).toBe(`${root}/a/b/file`);
    expect(await pathInRoot(root, '/loop/x')).toBeUndefined();
    expect(await pathInRoot(root, '/../../none')).toBe(`${root}/none`);
    expect(await pathInRoot('/', '/')).toBe('/');
  });

  it('folder: what is no file or too large is not read, and that is said', async () => {
    write('large', '');
    truncateSync(join(root, 'large'), mostBytes + 1);
    mkdirSync(join(root, 'folder'));
    await watch('/');
    expect([texts(), folder!.trouble]).toEqual([{}, '/large is too large']);
  });

  it('folder: nothing is watched after its end, and a chatty neighbour is no reason to look', async () => {
    const before = watches();
    mkdirSync(join(root, 'run/netif'), { recursive: true });
    symlinkSync('/elsewhere/file', join(root, 'run/netif/link'));
    mkdirSync(join(root, 'elsewhere'));
    write('elsewhere/file', 'x\n');
    await watch('/run/netif', (name) => name === 'link');
    expect(watches()).toBe(before + 2);
    for (let at = 0; at < 100; at++) write(`run/netif/other-${at}`, 'x\n');
    await delay(100);
    expect(changes).toBe(1);
    folder!.close();
    folder!.close();
    expect(watches()).toBe(before);
    write('elsewhere/file', 'y\n');
    await delay(60);
    expect(changes).toBe(1);
  });

  it('folder: closed during its first look it watches nothing', async () => {
    const before = watches();
    for (let round = 0; round < 20; round++) {
      const early = new WatchedFolder({
        root,
        folder: '/',
        wants: () => true,
        isWhole: () => true,
        onChange: () => {},
      });
      if (round % 2) await delay(0);
      early.close();
      await early.ready;
    }
    expect(watches()).toBe(before);
  });
});
