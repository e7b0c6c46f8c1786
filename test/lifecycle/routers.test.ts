// SPDX-License-Identifier: MIT
// Listeners to routers are watched by the loop of their environment: it ends, or nobody has them any more, and nothing of
// them is left.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { Advertiser } from '../lab/advertiser.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { advertisement, header, rdnss } from '../unit/source/advertisement/bytes.ts';
import { runProgram } from './program.ts';

requires(
  'root',
  'ip',
  'nsenter',
  'python3',
)('lifecycle of listeners to routers', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.up('single');
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());

  it('lifecycle: workers with busy listeners to routers can be terminated at any moment (SEC-28)', async () => {
    const router = await Advertiser.start(lab, 'ra', 'lan');
    let isOver = false;
    const storm = async () => {
      while (!isOver)
        await router.send(advertisement(header({ lifetime: 0 }), rdnss(9, '2001:db8::53')), { routers: 50 });
    };
    const ending = runProgram('routers', ['terminate', '40'], { namespacePath: lab.path('host') }).finally(() => {
      isOver = true;
    });
    await storm();
    expect(await ending).toMatchObject({ code: 0, signal: null, stderr: '' });
    const { before, after, heard } = (await ending).report;
    expect(heard).toBe(true);
    expect(after).toEqual(before);
  });

  it('lifecycle: a listener to routers that nobody has any more is closed', async () => {
    const options = { namespacePath: lab.path('host'), nodeOptions: ['--expose-gc'] };
    const { code, stderr, report } = await runProgram('routers', ['collect'], options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(report.opened).toBeGreaterThanOrEqual(20);
  });

  it('lifecycle: listeners to routers keep no program alive', async () => {
    expect(await runProgram('routers', ['alive'], { namespacePath: lab.path('host') })).toMatchObject({
      code: 0,
      signal: null,
      stderr: '',
    });
  });
});
