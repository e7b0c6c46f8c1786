// SPDX-License-Identifier: MIT
// What explain() says about reverse path filters, and what the kernel does with the answers of a server.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHost } from '../../lib/host/open-host.ts';
import { connect } from '../../lib/mif/mif.ts';
import { type EchoServer, Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';

const server4 = '198.51.100.80';
/** A connection takes a millisecond here; the kernel tries for the second time after a second. */
const patienceMs = 500;

const dropped = /^b0 has a strict reverse path filter, and the way back to .* is by a0: answers are dropped, unless/;
const perhaps = /^the way back to .* is by a0: answers that arrive by b0 are dropped if .*all\.rp_filter is 1$/;

requires('root', 'ip')('explain', () => {
  let lab: Lab;
  let server: EchoServer;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    server = await lab.echoServer('inet');
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());

  it.each<[own: number, all: number, warning: RegExp | undefined, isAnswered: boolean]>([
    [1, 0, dropped, false],
    [1, 2, dropped, true],
    [0, 0, perhaps, true],
    [0, 1, perhaps, false],
    [2, 1, undefined, true],
  ])(
    'explain: a filter of %i on the interface and %i on all is warned of, and drops answers as said (F12)',
    async (own, all, warning, isAnswered) => {
      const settings = `cd /proc/sys/net/ipv4/conf; echo ${own} >b0/rp_filter; echo ${all} >all/rp_filter`;
      await lab.exec('host', 'sh', '-ec', settings);
      // The kernel announces no such change; who comes later reads it.
      await using host = await openHost({ netns: lab.netns('host') });
      const about = host.explain(server4, { via: 'b0' }).warnings.filter((each) => /answers/.test(each));
      expect(about).toEqual(warning === undefined ? [] : [expect.stringMatching(warning)]);
      const signal = AbortSignal.timeout(patienceMs);
      const answered = await connect({ address: server4, port: server.port }, { host, via: 'b0', signal }).then(
        (socket) => {
          socket.destroy();
          return true;
        },
        () => false,
      );
      expect(answered).toBe(isAnswered);
      // The way that the routes prefer is answered whatever the filter is.
      expect(host.explain(server4).warnings).toEqual([]);
    },
  );
});
