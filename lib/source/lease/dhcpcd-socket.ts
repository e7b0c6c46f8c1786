// SPDX-License-Identifier: MIT
// Asking dhcpcd for its leases, as `dhcpcd -U` does: one question on its socket for everybody, one answer.

import { type DhcpcdVariables, parseDhcpcdAnswer } from './dhcpcd.ts';

const patienceMs = 1_000;
/** A lease is a few hundred octets. */
const mostBytes = 1024 * 1024;

/**
 * @param keepsAlive - whether the program is to wait for the answer: at the start somebody waits for it
 * @returns undefined where nobody answers, or not in time, or not with a whole answer
 */
export function askDhcpcd(path: string, keepsAlive: boolean): Promise<DhcpcdVariables[] | undefined> {
  return new Promise((resolve) => {
    // Not imported: a program that only looks at the kernel's tables does not load it.
    const socket = process.getBuiltinModule('node:net').connect({ path });
    const timer = setTimeout(() => finish(undefined), patienceMs);
    if (!keepsAlive) {
      socket.unref();
      timer.unref();
    }
    let answer = Buffer.alloc(0);
    const finish = (found: DhcpcdVariables[] | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(found);
    };
    socket.on('error', () => finish(undefined));
    socket.on('close', () => finish(undefined));
    socket.on('data', (data) => {
      answer = Buffer.concat([answer, data]);
      const found = parseDhcpcdAnswer(answer);
      if (found !== undefined || answer.length > mostBytes) finish(found);
    });
    // A command line, each word with a zero octet behind it.
    socket.write('dhcpcd\0-U\0');
  });
}
