// SPDX-License-Identifier: MIT
// A monitor that ends by itself says why; what cannot be opened at all is thrown.

import { expect, it } from 'vitest';
import { requires } from '../lab/requirements.ts';
import { runProgram } from './program.ts';

requires('prlimit')('lifecycle', () => {
  it('lifecycle: without descriptors a monitor is refused, or ends with the failure, until there are enough', async () => {
    const { code, stderr, report } = await runProgram('failure');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const emfile = {
      code: 'ERR_MIF_KERNEL',
      errno: 24,
      syscall: expect.any(String),
      message: expect.stringMatching(/: Too many open files$/),
    };
    expect(report.refused.length).toBeGreaterThan(0);
    expect(report.failures.length).toBeGreaterThan(0);
    // All of a NativeFailure that there is, and nothing that it does not have.
    for (const failure of [...report.refused, ...report.failures]) expect(failure).toEqual(emfile);
    expect(report.isLiveAtLast).toBe(true);
  });
});
