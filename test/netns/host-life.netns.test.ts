// SPDX-License-Identifier: MIT
// What keeps a program alive and what does not, each in a program of its own. Most read this machine's own namespace,
// which needs no privilege, and change nothing in it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';

const entry = new URL('../../dist/index.js', import.meta.url);
const patienceMs = 20_000;

/** Runs a program with the package as `mif`; how it ended and what it printed. Still running after a while: `alive`. */
async function runs(program: string, aliveAfterMs = patienceMs, onReady: () => unknown = () => {}): Promise<string> {
  expect(existsSync(entry), 'run `npm run build` first').toBe(true);
  const source = `import * as mif from ${JSON.stringify(entry.href)};\n${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
      // It says so when it has done everything that it does by itself.
      if (!output.includes('ready\n') || timer !== undefined) return;
      timer = setTimeout(() => child.kill(), aliveAfterMs);
      onReady();
    });
  }
  let timer: NodeJS.Timeout | undefined;
  const deadline = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  child.stdin.end(source);
  const [code, signal] = await once(child, 'close');
  clearTimeout(timer);
  clearTimeout(deadline);
  return `${signal === 'SIGTERM' ? 'alive' : `exit ${code ?? signal}`}: ${output.replaceAll('\n', ' ').trim()}`;
}

describe('life of a program', () => {
  const ends: [title: string, program: string][] = [
    ['an idle host', `await mif.openHost(); console.log('ready');`],
    [
      'a host whose listener was removed',
      `const host = await mif.openHost({ sources: 'kernel' }); const f = () => {}; host.on('change', f); host.off('change', f); console.log('ready');`,
    ],
    [
      'a host that was listened to once, and then closed',
      `const host = await mif.openHost(); host.once('change', () => {}); await host.close(); console.log('ready');`,
    ],
    ['an iteration that nobody reads', `const host = await mif.openHost(); host.changes(); console.log('ready');`],
    [
      'an iteration that was aborted',
      `const host = await mif.openHost(); const a = new AbortController();
       const reading = host.changes({ signal: a.signal }).next(); a.abort(); await reading.catch(() => {}); console.log('ready');`,
    ],
    [
      'a wait for a network that was given up',
      `const host = await mif.openHost(); const a = new AbortController();
       const waiting = host.when('nosuch0', { signal: a.signal }); a.abort(); await waiting.catch(() => {}); console.log('ready');`,
    ],
    [
      'listeners of errors and ends',
      `const host = await mif.openHost(); host.on('error', () => {}).on('close', () => {}); console.log('ready');`,
    ],
    [
      'an idle session on the default host',
      `const session = await mif.openSession();
       session.post({ type: 'announce-interfaces' }); console.log('ready');`,
    ],
    [
      'a connection that was refused, on the default host',
      `await mif.connect('127.0.0.1:1').catch((error) => console.log(error.code)); console.log('ready');`,
    ],
    [
      'a bound socket that was closed, on the default host made without waiting',
      `
       mif.createBoundSocket({ family: 4, type: 'stream', via: 'lo' }).close(); console.log('ready');`,
    ],
  ];
  it.each(ends)('host: %s does not keep the program alive', async (_, program) => {
    expect(await runs(program)).toMatch(/^exit 0: .*ready$/);
  });

  const stays: [title: string, program: string][] = [
    ['a wait for a network', `const host = await mif.openHost(); host.when('nosuch0'); console.log('ready');`],
    [
      'a change listener',
      `const host = await mif.openHost({ sources: 'kernel' }); host.on('change', () => {}); console.log('ready');`,
    ],
    [
      'a read of changes()',
      `const host = await mif.openHost({ sources: 'kernel' }); host.changes().next().then(() => {}); console.log('ready');`,
    ],
    [
      'a listener that was added after another was removed',
      `const host = await mif.openHost({ sources: 'kernel' }); const f = () => {}; host.on('change', f).off('change', f).once('change', f); console.log('ready');`,
    ],
    [
      'a session that waits for a message',
      `const session = await mif.openSession(); session.check().then(() => {}); console.log('ready');`,
    ],
  ];
  it.each(stays)('host: %s keeps the program alive', async (_, program) => {
    expect(await runs(program, 400)).toMatch(/^alive: .*ready$/);
  });

  it('host: the program waits for a host that is being opened', async () => {
    expect(await runs(`mif.openHost().then((host) => console.log('open', host.snapshot().synced));`)).toBe(
      'exit 0: open true',
    );
  });
});

requires('root', 'ip')('life of a program that is told of changes', () => {
  it('host: an exception in a listener is the program’s own, and everybody else was told', async () => {
    await using lab = await Lab.up('bare');
    const program = `
      import { subscribe } from 'node:diagnostics_channel';
      const host = await mif.openHost({ netns: ${JSON.stringify(lab.path('host'))} });
      process.on('uncaughtException', (error) => { console.log('caught', error.message); process.exit(3); });
      subscribe('mif:host:change', () => console.log('told'));
      host.on('change', () => { throw new Error('mine'); });
      console.log('ready');`;
    expect(await runs(program, patienceMs, () => lab.ip('host', 'link add t0 type bridge'))).toBe(
      'exit 3: ready told caught mine',
    );
  });
});
