// SPDX-License-Identifier: MIT
// `mif demo` by root and by nobody: that it plays, that it ends, and that nothing is left of it however it is ended.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { outcomeOf } from '../lab/command.ts';
import { type Launcher, type Line, mif } from '../lab/mif-command.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Longest run on a busy machine, milliseconds; an idle one needs one second. */
const longestMs = 15_000;

/** Without a name, a home, a group or a capability, even of a set-user-id program. */
const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs', '--inh-caps=-all'];

requires(
  'root',
  'ip',
  'nsenter',
  'setpriv',
)('mif demo', () => {
  /** A copy of the package that everybody may read; its path tells our processes from all others. */
  let folder: string;
  let asRoot: Launcher;
  let unprivileged: Launcher;
  let machine: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mif-demo-'));
    for (const path of ['dist', 'build/Release/node-mif.node', 'package.json', 'node_modules/node-gyp-build']) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      cpSync(join(root, path), join(folder, path), { recursive: true });
    }
    await outcomeOf('chmod', ['-R', 'a+rX', folder]);
    const command = [process.execPath, join(folder, 'dist/cli/main.js')] as const;
    asRoot = command;
    unprivileged = ['env', '-i', 'PATH=/usr/bin:/bin', 'HOME=', ...asNobody, ...command];
    machine = await stateOfMachine();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  afterEach(async () => {
    await until(
      () => `the end of ${leftovers().join('; ')}`,
      () => leftovers().length === 0,
    );
    expect(await stateOfMachine()).toBe(machine);
  });

  /** Processes of this copy of the package, with what they run and where. */
  function leftovers(): string[] {
    return readdirSync('/proc').flatMap((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ');
        return words.includes(folder) ? [`${pid} ${words} in ${readlinkSync(`/proc/${pid}/ns/net`)}`] : [];
      } catch {
        return [];
      }
    });
  }

  /** What a lab that leaks would change: links, named namespaces and mounts of the machine. */
  async function stateOfMachine(): Promise<string> {
    const links = JSON.parse((await outcomeOf('ip', ['-json', 'link'])).stdout).map(({ ifname }: Line) => ifname);
    const mounts = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('mif-demo'));
    return JSON.stringify({ links, mounts });
  }

  function start(args: readonly string[], launcher: Launcher): ChildProcessByStdio<null, Readable, Readable> {
    const [command, ...before] = launcher;
    return spawn(command, [...before, 'demo', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  }

  it.each([
    ['root', () => asRoot],
    ['nobody', () => unprivileged],
  ])('mif demo: %s sees the draft played on a real kernel (MIF-88)', async (_who, launcher) => {
    const begin = performance.now();
    const { code, stdout, stderr } = await mif(['demo', '--json'], launcher());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(performance.now() - begin).toBeLessThan(longestMs);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const steps = lines.slice(0, -1);
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, at) => at + 1));
    expect(lines.at(-1)).toMatchObject({ summary: { ok: true, steps: steps.length, passed: steps.length } });
    for (const step of steps) {
      expect(step).toMatchObject({ ok: true, title: expect.any(String), elapsedMs: expect.any(Number) });
      expect(step['proved'].length).toBeGreaterThan(0);
    }
    const received = steps.flatMap(({ messages }) => messages.flatMap((message: Line) => message['received'] ?? []));
    const outcomes = received
      .filter(({ type }) => type === 'connected' || type === 'not-connected')
      .map(({ type, connectionId, interface: link, source }) => [connectionId, type, link?.name, source]);
    expect(outcomes).toEqual(
      expect.arrayContaining([
        ['server-a', 'connected', 'a0', '2001:db8:a:1::100'],
        ['server-b', 'connected', 'b0', '2001:db8:b:1::100'],
        ['private-b', 'connected', 'b0', '10.2.0.100'],
        ['private-a', 'not-connected', undefined, undefined],
      ]),
    );
  });

  it('mif demo: people see the dialogue, without colours in a pipe', async () => {
    const { code, stdout } = await mif(['demo'], unprivileged);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {4}→ announce-interfaces$/m);
    expect(stdout).toMatch(/^ {4}← connected +#server-b, from 2001:db8:b:1::100, over b0/m);
    expect(stdout).toMatch(/^✓ \d+ steps, all as they should be/m);
    expect(stdout).not.toContain('✗');
    expect(stdout).not.toContain('\u001b');
  });

  it.each<[string, NodeJS.Signals, number]>([
    ['before it says anything', 'SIGTERM', 0],
    ['while the lab is built', 'SIGINT', 1],
    ['in the middle', 'SIGTERM', 20],
    ['in the middle', 'SIGINT', 40],
    ['near the end', 'SIGTERM', 70],
  ])('mif demo: asked to end %s it cleans up and says so (%s)', async (_when, signal, afterLines) => {
    for (const launcher of [asRoot, unprivileged]) {
      const child = start([], launcher);
      let text = '';
      let asked = false;
      child.stdout.setEncoding('utf8').on('data', (more) => {
        text += more;
        if (!asked && afterLines > 0 && text.split('\n').length > afterLines) asked = child.kill(signal);
      });
      if (afterLines === 0) {
        await until('the program to have started', () => leftovers().length > 0);
        child.kill(signal);
      }
      const [code, killedBy] = await once(child, 'close');
      // Before it listens to signals, one ends it as it ends any program.
      if (killedBy === null) expect(code).toBe(1);
      else expect([killedBy, text]).toEqual([signal, '']);
      if (afterLines > 1) expect(text).toMatch(/^✗ \d+ of \d+ steps .*interrupted/m);
      await until('the end of all of it', () => leftovers().length === 0);
    }
  });

  it.each([
    ['root', () => asRoot],
    ['nobody', () => unprivileged],
  ])('mif demo: killed without a chance, %s leaves nothing behind', async (_who, launcher) => {
    const child = start([], launcher());
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await until('the end of all of it', () => leftovers().length === 0);
  });

  it('mif demo: a reader that goes away ends it', async () => {
    const child = start([], unprivileged);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await once(child, 'close');
    expect(stderr).toBe('');
  });

  /** Runs a script first, as root of mounts or of a user namespace of its own. */
  function after(script: string, flags: readonly string[], launcher: Launcher): Launcher {
    return ['unshare', ...flags, '--', 'sh', '-ec', `${script}; exec "$@"`, 'sh', ...launcher];
  }

  it.each([
    ['ip', 'iproute2'],
    ['unshare', 'util-linux'],
    ['nsenter', 'util-linux'],
    ['mount', 'mount'],
  ])('mif demo: without %s it names the package %s, exit 5', async (program, name) => {
    const hide = `mount --bind /dev/null "$(readlink -f "$(command -v ${program})")"`;
    const { code, stdout, stderr } = await mif(['demo', '--json'], after(hide, ['--mount'], asRoot));
    expect(code).toBe(5);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'ERR_MIF_UNSUPPORTED',
      message: expect.stringContaining(program),
    });
    expect(stderr).toContain(name);
  });

  it('mif demo: where namespaces are forbidden it names the setting, exit 5', async () => {
    const forbid = 'echo 0 >/proc/sys/user/max_net_namespaces';
    const launcher = after(forbid, ['--user', '--map-root-user'], asRoot);
    const { code, stderr } = await mif(['demo'], launcher);
    expect(code).toBe(5);
    expect(stderr).toContain('user.max_net_namespaces');
  });

  it('mif demo: its inner program refuses to run outside a lab', async () => {
    const own = ['net', 'mnt'].map((kind) => readlinkSync(`/proc/self/ns/${kind}`));
    const stage = join(folder, 'dist/cli/demo/stage.js');
    for (const args of [[], own]) {
      const { code, stdout } = await outcomeOf(process.execPath, [stage, ...args]);
      expect({ isRefused: code !== 0, stdout }).toEqual({ isRefused: true, stdout: '' });
    }
  });
});
