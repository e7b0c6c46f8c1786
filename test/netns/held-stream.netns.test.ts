// SPDX-License-Identifier: MIT
// A socket of connect() that is asked to connect again, as Node's own can be: then nothing leaves, over the path it had or over
// another. Node itself would take a new descriptor that is bound to nothing.

import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { connect } from '../../lib/mif/mif.ts';
import { Departures } from '../lab/departures.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';

const server = '198.51.100.80';

requires(
  'root',
  'ip',
  'nsenter',
  'nft',
)('held stream', () => {
  let lab: Lab;
  let host: Host;
  let port: number;
  let departures: Departures;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    ({ port } = await lab.echoServer('inet'));
    host = await openHost({ netns: lab.netns('host') });
    departures = await Departures.of(lab, 'host', ['a0', 'b0', 'wwan0']);
  });
  afterAll(async () => {
    host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const over = (via: string): Promise<Socket> => connect({ address: server, port }, { host, via });

  it('held stream: asked to connect again while it is open or after its end, it sends no packet (H3)', async () => {
    const socket = await over('b0');
    await once(socket, 'data');
    expect(Object.keys(await departures.take())).toEqual(['b0']);
    const refused = expect.objectContaining({ code: 'ERR_MIF_CLOSED' });
    expect(() => socket.connect(port, server)).toThrow(refused);
    expect(await departures.take()).toEqual({});

    socket.end();
    await once(socket, 'close');
    await departures.take();
    expect(() => socket.connect({ host: server, port })).toThrow(refused);
    expect(() => socket.connect({ host: server, port, localAddress: '10.1.0.100' })).toThrow(refused);
    // What comes later has left, and only that.
    const later = await over('wwan0');
    await once(later, 'data');
    expect(Object.keys(await departures.take())).toEqual(['wwan0']);
    later.destroy();
  });
});
