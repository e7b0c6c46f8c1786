// SPDX-License-Identifier: MIT
// The play: the usage example of draft-ietf-mif-api-extension-05 sec. 3.3 (MIF-88) with address literals for names, then
// the loss of an uplink. Each step says what it does, does it, and checks it; a check that fails ends the play.

import type { Connected } from '../../session/message.ts';
import type { PvdReference } from '../../session/reference.ts';
import type { MifSession } from '../../session/session.ts';
import { Conversation } from './conversation.ts';
import type { Dialogue } from './dialogue.ts';
import { type Narrator, StepFailure } from './narrator.ts';
import {
  echoPort,
  hostAddresses,
  type PrivateNetwork,
  privateAddress,
  routerAddress,
  serverAddress,
  type Traffic,
  type Uplink,
  uplinkA,
  uplinkB,
} from './network.ts';

/** What the steps share. */
export interface Scene {
  network: PrivateNetwork;
  session: MifSession;
  dialogue: Dialogue;
  narrator: Narrator;
  /** By name of the interface. */
  pvds: Map<string, PvdReference>;
  /** Outcomes of connections, by id. */
  connected: Map<string, Connected>;
  conversations: Map<string, Conversation>;
}

export interface Step {
  title: string;
  play(scene: Scene): Promise<void>;
}

/** Bytes of the transfer that the counters are to show; noise on an idle uplink stays far below a tenth of it. */
const transferBytes = 256 * 1024;

/** Long enough for a round trip through the lab a hundred times over. */
const silenceMs = 300;

export const steps: readonly Step[] = [
  {
    title: 'Which interfaces has this host?',
    async play({ dialogue, narrator }) {
      dialogue.post({ type: 'announce-interfaces' });
      await dialogue.hear('enumeration-done');
      const names = dialogue.heard.flatMap((message) =>
        message.type === 'interface-announcement' ? [message.interface.name] : [],
      );
      check(names.includes('lo') && names.includes('a0'), `announced were ${names.join(', ')}`);
      narrator.proved('one announcement for each, then the end of the list (MIF-13, MIF-17)');
    },
  },
  {
    title: 'Which provisioning domains are on them, with which addresses?',
    async play(scene) {
      const { dialogue, narrator } = scene;
      dialogue.post({ type: 'announce-provisioning-domain', interface: '*' });
      await dialogue.hear('enumeration-done', ({ request }) => request === 'announce-provisioning-domain');
      await meetDomain(scene, uplinkA);
      narrator.proved('router a and what it stands for are one domain, of both families (MIF-03, PVD-12)');
    },
  },
  {
    title: 'A second uplink is plugged in',
    async play(scene) {
      const { dialogue, narrator, network } = scene;
      narrator.note('ip link add b0 …; addresses and default routes of provider b');
      await network.plugIn(uplinkB);
      await dialogue.hear('interface-announcement', (message) => message.interface.name === 'b0' && message.running);
      await meetDomain(scene, uplinkB);
      narrator.proved('interface and domain were announced as they came, nobody had to ask again (MIF-14, MIF-22)');
    },
  },
  {
    title: 'Connect to the same two destinations through each domain',
    async play(scene) {
      const { dialogue, narrator, connected } = scene;
      const attempts = [
        { connectionId: 'server-a', address: serverAddress, uplink: uplinkA },
        { connectionId: 'server-b', address: serverAddress, uplink: uplinkB },
        { connectionId: 'private-a', address: privateAddress, uplink: uplinkA },
        { connectionId: 'private-b', address: privateAddress, uplink: uplinkB },
      ];
      for (const { connectionId, address, uplink } of attempts) {
        const pvd = scene.pvds.get(uplink.name)!.id;
        dialogue.post({ type: 'connect-to-address', address, port: echoPort, pvd, connectionId });
      }
      for (const { connectionId, address, uplink } of attempts) {
        if (connectionId === 'private-a') await isRefused(scene, connectionId, ['refused']);
        else connected.set(connectionId, await isConnected(scene, connectionId, uplink, address));
      }
      narrator.proved('three connected, one not: a private address is another machine in each domain (MIF-88, MIF-89)');
      narrator.proved('each is held to an interface and an address of its domain (MIF-56, MIF-63)');
    },
  },
  {
    title: 'Tokens become sockets; the server says whom it sees',
    async play({ session, narrator, connected, conversations }) {
      for (const [connectionId, { token, source }] of connected) {
        const conversation = new Conversation(session.take(token));
        conversations.set(connectionId, conversation);
        const { you, port } = await conversation.greeting();
        narrator.note(`${connectionId.padEnd(9)}  "you are ${you} port ${port}"`);
        check(you === source, `${connectionId} left from ${source}, and the server sees ${you}`);
        check((await conversation.ask('hello')) !== undefined, `${connectionId} got no answer`);
      }
      narrator.proved('three independent connections, each answers (MIF-62)');
    },
  },
  {
    title: 'What the interfaces carried',
    async play(scene) {
      for (const [used, idle] of [
        [uplinkA, uplinkB],
        [uplinkB, uplinkA],
      ] as const) {
        const conversation = scene.conversations.get(`server-${used.router}`)!;
        const { [used.name]: busy, [idle.name]: quiet } = await trafficOf(scene, () => transfer(conversation));
        scene.narrator.note(`256 KiB there and back on server-${used.router}:`);
        for (const { name } of [uplinkA, uplinkB]) {
          const { sent, received } = name === used.name ? busy! : quiet!;
          scene.narrator.note(`  ${name}  sent ${bytes(sent)}  received ${bytes(received)}`);
        }
        check(busy!.sent > transferBytes && busy!.received > transferBytes, `${used.name} carried too little`);
        check(quiet!.sent < transferBytes / 10, `${idle.name} carried what ${used.name} was to carry`);
      }
      scene.narrator.proved('each connection uses its own uplink, although the kernel would send both by a0');
    },
  },
  {
    title: 'The cable of uplink a is cut',
    async play(scene) {
      const { dialogue, narrator, network } = scene;
      narrator.note('ip -n a link set lan down');
      await network.cutCable(uplinkA);
      await dialogue.hear('interface-announcement', (message) => message.interface.name === 'a0' && !message.running);
      const { handle } = scene.pvds.get('a0')!;
      await dialogue.hear(
        'provisioning-domain-announcement',
        ({ pvd, validated }) => pvd.handle === handle && validated === false,
      );
      const silent = await scene.conversations.get('server-a')!.ask('still there?', silenceMs);
      check(silent === undefined, 'server-a answered over a cut cable');
      narrator.note(`server-a: no answer within ${silenceMs} ms; TCP will go on trying for minutes`);
      await stillAnswers(scene, 'server-b');
      narrator.proved('interface and domain are still there, and said to be of no use now (MIF-15, PVD-18)');
      narrator.proved('uplink b does not notice');
    },
  },
  {
    title: 'The interface goes away',
    async play(scene) {
      const { dialogue, narrator, network, pvds } = scene;
      const { handle } = pvds.get('a0')!;
      narrator.note('ip link del a0');
      await network.unplug(uplinkA);
      await dialogue.hear('no-interface-announcement', (message) => message.interface.name === 'a0');
      const { ipv4, ipv6 } = hostAddresses(uplinkA);
      const order = dialogue.heard.flatMap((message) => {
        if (message.type === 'no-address-announcement' && message.pvd.handle === handle) return [message.address];
        if (message.type === 'no-provisioning-domain-announcement' && message.pvd.handle === handle) return ['domain'];
        return message.type === 'no-interface-announcement' ? ['interface'] : [];
      });
      const said = order.join(', ');
      check(order.includes(ipv4) && order.includes(ipv6), `not both addresses were withdrawn: ${said}`);
      check(order.at(-1) === 'interface' && order.at(-2) === 'domain', `the order was ${said}`);
      await stillAnswers(scene, 'server-b');
      await stillAnswers(scene, 'private-b');
      narrator.proved('addresses, then the domain, then the interface (MIF-23, MIF-42, MIF-77)');
    },
  },
  {
    title: 'The application goes on over uplink b',
    async play(scene) {
      const { dialogue, narrator, pvds } = scene;
      const request = { type: 'connect-to-address', address: serverAddress, port: echoPort } as const;
      dialogue.post({ ...request, pvd: pvds.get('a0')!.handle, connectionId: 'again-a' });
      await isRefused(scene, 'again-a', ['unknown-pvd', 'pvd-gone']);
      dialogue.post({ ...request, pvd: pvds.get('b0')!.handle, connectionId: 'again-b' });
      const again = await isConnected(scene, 'again-b', uplinkB, serverAddress);
      const conversation = new Conversation(scene.session.take(again.token));
      scene.conversations.set('again-b', conversation);
      await conversation.greeting();
      await stillAnswers(scene, 'again-b');
      narrator.proved('a dead domain fails at once and never drifts to another (MIF-79); the other one serves');
    },
  },
  {
    title: 'Uplink a comes back',
    async play(scene) {
      const { dialogue, narrator, network, pvds } = scene;
      const before = pvds.get('a0')!;
      narrator.note('ip link add a0 …, with the same name and the same index as before');
      await network.plugIn(uplinkA);
      const { interface: link } = await dialogue.hear(
        'interface-announcement',
        (message) => message.interface.name === 'a0' && message.running,
      );
      await meetDomain(scene, uplinkA);
      const after = pvds.get('a0')!;
      check(link.index === uplinkA.index && !link.id.endsWith('.1'), `the id ${link.id} was used before`);
      check(after.id === before.id && after.handle !== before.handle, `${after.id} (${after.handle}) is not a return`);
      narrator.proved('the same provider: the same id; another association: another handle (PVD-24, PVD-27, MIF-19)');
    },
  },
];

/** Waits for the domain of an uplink's router and for its addresses. */
async function meetDomain({ dialogue, pvds }: Scene, uplink: Uplink): Promise<void> {
  const { pvd } = await dialogue.hear(
    'provisioning-domain-announcement',
    ({ interface: link, providers, families }) =>
      link.name === uplink.name && providers.includes(routerAddress(uplink)) && families.length === 2,
  );
  pvds.set(uplink.name, pvd);
  dialogue.post({ type: 'announce-address', pvd: pvd.handle });
  await dialogue.hear('enumeration-done', (message) => message.pvd?.handle === pvd.handle);
  const { ipv4, ipv6 } = hostAddresses(uplink);
  for (const expected of [ipv4, ipv6])
    await dialogue.hear('address-announcement', ({ address }) => address === expected);
}

/** Waits for a connection, and checks that it leaves by its uplink. */
async function isConnected({ dialogue }: Scene, id: string, uplink: Uplink, destination: string): Promise<Connected> {
  const outcome = await dialogue.outcome(id);
  if (outcome.type !== 'connected') throw new StepFailure(`${id} was not connected: ${outcome.reason}`);
  const { ipv4, ipv6 } = hostAddresses(uplink);
  const expected = destination.includes(':') ? ipv6 : ipv4;
  const { source, interface: link } = outcome;
  check(
    source === expected && link.name === uplink.name,
    `${id} left from ${source} over ${link.name}, not from ${expected} over ${uplink.name}`,
  );
  return outcome;
}

/** Waits for the failure of a connection, for one of the reasons. */
async function isRefused({ dialogue }: Scene, id: string, reasons: readonly string[]): Promise<void> {
  const outcome = await dialogue.outcome(id);
  if (outcome.type === 'connected') throw new StepFailure(`${id} was connected, over ${outcome.interface.name}`);
  check(
    reasons.includes(outcome.reason),
    `${id} failed because ${outcome.reason}, not because ${reasons.join(' or ')}`,
  );
}

async function stillAnswers({ conversations, narrator }: Scene, connectionId: string): Promise<void> {
  const ms = await conversations.get(connectionId)!.ask('still there?');
  if (ms === undefined) throw new StepFailure(`${connectionId} does not answer any more`);
  narrator.note(`${connectionId}: answers after ${ms.toFixed(1)} ms`);
}

async function transfer(conversation: Conversation): Promise<void> {
  const ms = await conversation.ask('x'.repeat(transferBytes));
  check(ms !== undefined, 'the transfer did not end');
}

/** What each uplink carried while something was done. */
async function trafficOf({ network }: Scene, act: () => Promise<void>): Promise<Record<string, Traffic>> {
  const uplinks = [uplinkA, uplinkB];
  const before = await Promise.all(uplinks.map((uplink) => network.traffic(uplink)));
  await act();
  const after = await Promise.all(uplinks.map((uplink) => network.traffic(uplink)));
  return Object.fromEntries(
    uplinks.map(({ name }, at) => [
      name,
      { sent: after[at]!.sent - before[at]!.sent, received: after[at]!.received - before[at]!.received },
    ]),
  );
}

function bytes(count: number): string {
  return `${String(count).padStart(7)} bytes`;
}

function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new StepFailure(otherwise);
}
