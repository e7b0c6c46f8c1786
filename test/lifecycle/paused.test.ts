// SPDX-License-Identifier: MIT
// An event loop that stands still loses nothing, because it is not the one that reads (traps A19, A20, H5).

import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../lab/command.ts';
import { requires } from '../lab/requirements.ts';
import { runProgram } from './program.ts';

requires(
  'root',
  'ip',
  'nsenter',
)('lifecycle', () => {
  const name = `mif-${process.pid}-paused`;
  beforeAll(async () => {
    await run('ip', ['netns', 'add', name]);
    await run('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
  });
  afterAll(() => run('ip', ['netns', 'del', name]));

  it('lifecycle: a blocked event loop misses none of 60,000 changes, and is told of each record once', async () => {
    const ending = await runProgram('paused', ['40000'], { namespacePath: `/run/netns/${name}` });
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    const { kept, steps } = ending.report;
    expect({ kept, steps }).toEqual({ kept: 20000, steps: 20000 });
  });
});
