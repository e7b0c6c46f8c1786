// SPDX-License-Identifier: MIT
// The README does what it says: its first example prints what it shows, every other one runs, and its lists are those
// of the package.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));
const command = join(top, 'dist', 'cli', 'main.js');
const readme = readFileSync(join(top, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code = '']) => code);
const output = /^```text\n([\s\S]*?)^```/m.exec(readme)?.[1];

describe('README', () => {
  test('README: names the two commands that build everything', () => {
    expect(readme).toContain('npm ci && npm run build && npm run demo');
    expect(readme).toContain('npm ci && npm run build && npm test');
  });

  test('README: lists the commands that there are', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [command, 'help']);
    const listed = [...readme.matchAll(/^\| `mif (\w+)` \|/gm)].map(([, name]) => name);
    expect(listed).toEqual([...stdout.matchAll(/^ {2}([a-z]+)(?: .*)? {2}/gm)].map(([, name]) => name));
  });

  test('README: puts off none of the requests of the draft, all of which are served', () => {
    expect(readme).toContain('## What of the draft is done');
    expect(readme).not.toMatch(/^\| .* \| later \|$/m);
  });
});

requires(
  'root',
  'ip',
  'nsenter',
)('README: examples', () => {
  let lab: Lab;
  // Inside the package, so that its own name resolves as it does for its users.
  mkdirSync(join(top, 'build'), { recursive: true });
  const folder = mkdtempSync(join(top, 'build', 'readme-'));
  const write = (name: string, code: string) => {
    const path = join(folder, `${name}.mjs`);
    writeFileSync(path, code);
    return path;
  };
  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    const server = fileURLToPath(new URL('../lab/echo-server.mjs', import.meta.url));
    await lab.daemon('inet', process.execPath, [server, '7'], /listening/);
  });
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  test('README: the first example prints what is shown below it', async () => {
    expect(await lab.exec('host', process.execPath, write('first', examples[0] ?? ''))).toBe(output);
  });

  test('README: the listing is what mif prints', async () => {
    const shown = /^```console\n\$ mif (.*)\n([\s\S]*?)^```/m.exec(readme);
    const printed = await lab.exec('host', process.execPath, command, ...(shown?.[1]?.split(' ') ?? []));
    expect(printed).toBe(shown?.[2]);
  });

  // Most go on until they are stopped: each has to say something of its own first, and nothing on standard error.
  test.each([
    ["via: 'a0'", /^from 2001:db8:a:1::100$/m],
    ['host.select', /^b0 from 10\.2\.0\.100 by 10\.2\.0\.1$/m],
    ['openSession', /^connected from 10\.1\.0\.100$/m],
    ['changes()', /^lost b0\/fe80::b:1$/m, /^on 6 networks$/m, 'link set b0 down'],
  ])('README: the example with %s runs', async (mark, said, ready?: RegExp, event?: string) => {
    const code = examples.slice(1).find((example) => example.includes(mark));
    const child = lab.spawn('host', process.execPath, [write(mark.replace(/\W/g, ''), code ?? 'missing()')]);
    // Now, because it may end before anybody asks.
    const closed = once(child, 'close');
    let printed = '';
    let errors = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      printed += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      errors += text;
    });
    const says = (pattern: RegExp) =>
      until(
        () => `${pattern}; printed: ${printed}${errors}`,
        () => pattern.test(printed),
      );
    if (ready) await says(ready);
    if (event) await lab.ip('host', event);
    await says(said);
    child.kill('SIGTERM');
    await closed;
    expect(errors).toBe('');
  });
});
