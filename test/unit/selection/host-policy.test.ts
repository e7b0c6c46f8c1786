// SPDX-License-Identifier: MIT
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostPolicy } from '../../../lib/selection/host-policy.ts';
import { defaultPolicy } from '../../../lib/selection/policy.ts';

describe('policy of the host', () => {
  let folder: string;
  let path: string;
  let now: number;
  let policy: HostPolicy;
  const told: unknown[] = [];
  const listen = (message: unknown) => void told.push(message);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mif-policy-'));
    path = join(folder, 'gai.conf');
    now = 0;
    policy = new HostPolicy(path, () => now);
    told.length = 0;
    subscribe('mif:selection:policy', listen);
  });
  afterEach(() => {
    unsubscribe('mif:selection:policy', listen);
    rmSync(folder, { recursive: true });
  });

  const ipv4Precedence = () =>
    policy.rows.find(({ prefix }) => prefix.endsWith('/96') && prefix.includes('ffff'))?.precedence;

  it('selection: without a file, or without rows in it, the table is the standard one (SAS-01)', () => {
    expect(policy.rows).toBe(defaultPolicy);
    writeFileSync(path, '# nothing\n');
    now = 2000;
    expect(policy.rows).toBe(defaultPolicy);
  });

  it('selection: a change of the file holds a second later, and until then nobody looks (SAS-31)', () => {
    writeFileSync(path, 'precedence ::ffff:0:0/96 100\nreload yes\n');
    expect(ipv4Precedence()).toBe(100);
    const words = policy.words;
    writeFileSync(path, 'precedence ::ffff:0:0/96 20\n');
    now = 999;
    expect(policy.words).toBe(words);
    now = 1000;
    expect(ipv4Precedence()).toBe(20);
    expect(policy.words).not.toEqual(words);
    rmSync(path);
    now = 2000;
    expect(policy.rows).toBe(defaultPolicy);
    expect(told).toMatchObject([
      { path, skipped: [{ line: 2, text: 'reload yes' }] },
      { skipped: [] },
      { skipped: [] },
    ]);
  });

  it('selection: a file that cannot be read is as good as none', () => {
    expect(new HostPolicy(folder, () => now).rows).toBe(defaultPolicy);
    expect(new HostPolicy(join(path, 'below'), () => now).rows).toBe(defaultPolicy);
  });
});
