// SPDX-License-Identifier: MIT
// Questions to name servers. Agents and dispatchers ask those of their network, and nobody where it has none (SEC-21). In a scope the
// system asks over whatever network it likes (docs/api/adapters.md): what is promised is that nothing else goes there. Addresses and
// lookups of one's own ask nobody (trap H2).

import { beforeAll, expect, it } from 'vitest';
import { leakSuite, server4, sources } from './arena.ts';
import { all, named } from './transports.ts';

/** Whose names the system resolves: fetch has a dispatcher of ours in a scope. */
const asksSystem = (transport: string) =>
  transport.startsWith('scope:') && transport !== 'scope: fetch' && transport !== 'scope: WebSocket';

/** By one, to all lines of Node. */
let isServed = false;

leakSuite('name server', (arena, line) => {
  beforeAll(async () => {
    if (isServed) return;
    isServed = true;
    await arena().lab.dnsmasq(
      'inet',
      `address=/asked.test/${server4}\nlisten-address=198.51.100.53\nbind-interfaces\n`,
    );
  });

  it.each(all)('%s asks nobody for an address (H2)', async (transport) => {
    expect(await arena().once(transport, 'b0', server4)).toMatchObject({ peer: sources.b0[0] });
    expect(await arena().strays('b0')).toEqual([]);
  });

  it.each(named(line).filter((transport) => !asksSystem(transport)))(
    '%s: a name is asked of nobody where the network has no name servers (H2, SEC-21)',
    async (transport) => {
      const told = await arena().once(transport, 'b0', 'asked.test');
      // The WebSocket of the runtime tells no reason.
      if (transport === 'scope: WebSocket') expect(told.peer).toBeUndefined();
      else expect(told).toMatchObject({ code: 'ERR_MIF_DNS_NO_SERVERS' });
      expect(await arena().strays('b0')).toEqual([]);
    },
  );

  it.each(named(line).filter(asksSystem))(
    '%s: only the question for the name leaves by the system’s choice, which nobody promises otherwise (H2)',
    async (transport) => {
      expect(await arena().once(transport, 'b0', 'asked.test')).toMatchObject({ peer: sources.b0[0] });
      const strays = await arena().strays('b0');
      expect(strays).not.toEqual([]);
      const question = /^a0: (udp 10\.1\.0\.100 > 198\.51\.100\.53 port 53$|\d+ packets to the servers)/;
      expect(strays.filter((stray) => !question.test(stray))).toEqual([]);
    },
  );

  it.each(['http agent', 'request over an agent', 'dispatcher', 'scope: net.connect'])(
    '%s with a lookup of its own asks nobody (H2)',
    async (attack) => {
      const context = { name: `lookup: ${attack}`, addresses: [server4] };
      expect(await arena().ask('attack', context)).toMatchObject({ peer: sources.b0[0] });
      expect(await arena().strays('b0')).toEqual([]);
    },
  );
});
