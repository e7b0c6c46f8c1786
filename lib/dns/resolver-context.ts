// SPDX-License-Identifier: MIT
// What `via` means for names at this moment: who carries the questions, who is asked, what is appended. The resolvers, and what they
// remember, belong to one carrier each and end with it (DNS-06).

import type { MifErrorCode } from '../binding/contract.gen.ts';
import { isMifError, MifError } from '../binding/mif-error.ts';
import { accessOf, type Host } from '../host/host.ts';
import { defaultDomain } from '../pvd/default-domain.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import { type Carrier, findCarrier, type Via } from '../via/carrier.ts';
import { type LocalPath, localPathOf } from '../via/local-path.ts';
import { snapshotNaming } from '../via/named-interface.ts';
import { obstacleOn } from '../via/obstacle.ts';
import { serversOver } from './domain-servers.ts';
import { HeldTransport } from './held-transport.ts';
import { type NameServer, readServer } from './server.ts';
import { StubResolver } from './stub-resolver.ts';

export interface ResolverContext {
  readonly carrier: Carrier;
  /** Names that carrier for as long as there is one, and nothing else ever. */
  readonly via: Via;
  readonly path: LocalPath;
  /** An error where nobody can be asked; names that need nobody are resolved all the same. */
  readonly resolver: StubResolver | MifError;
  readonly searchDomains: readonly string[];
  /** Absent where they may be asked for any name. */
  readonly onlyZones: readonly string[] | undefined;
}

export interface ContextOptions {
  readonly via?: Via | undefined;
  /** Instead of those of the domain. */
  readonly servers?: readonly string[] | undefined;
}

/**
 * @throws MifError as findCarrier; ERR_MIF_NO_PATH without `via` where no domain has a default route; ERR_MIF_INVALID_ARG
 */
export function contextOf(host: Host, options: ContextOptions): ResolverContext {
  const { via, servers } = options;
  const snapshot = snapshotNaming(accessOf(host), via);
  // A selector or a function may mean something else each time.
  if (typeof via === 'object' || typeof via === 'function') return makeContext(host, snapshot, options);
  const key = Array.isArray(servers) ? `${typeof via} ${via} ${servers.join(' ')}` : via;
  let contexts = known.get(snapshot);
  if (contexts === undefined) {
    contexts = new Map();
    known.set(snapshot, contexts);
  }
  let context = contexts.get(key);
  if (context === undefined) {
    context = makeContext(host, snapshot, options);
    if (contexts.size < mostContexts) contexts.set(key, context);
  }
  return context;
}

const mostContexts = 256;
/** By picture: the next one is thought about anew. */
const known = new WeakMap<HostSnapshot, Map<string | number | undefined, ResolverContext>>();

function makeContext(host: Host, snapshot: HostSnapshot, options: ContextOptions): ResolverContext {
  const own = options.servers === undefined ? undefined : readServers(options.servers);
  const via = options.via ?? domainOfDefault(snapshot);
  const carrier = carrierFor(snapshot, via, own);
  const held = heldVia(carrier);
  const told = serversOver(snapshot, carrier);
  const onlyZones = own === undefined ? told.onlyZones : undefined;
  const context = { carrier, via: held, path: localPathOf(carrier), searchDomains: told.searchDomains, onlyZones };
  try {
    const servers = usableServers(snapshot, carrier, own);
    const resolver = resolversOf(host).find(snapshot, { carrier, via: held, servers });
    return { ...context, resolver };
  } catch (error) {
    if (!isMifError(error)) throw error;
    return { ...context, resolver: error };
  }
}

/** The first that can be asked; without one, the first that there is, for names that nobody is asked for. */
function carrierFor(snapshot: HostSnapshot, via: Via, own: readonly NameServer[] | undefined): Carrier {
  try {
    return findCarrier(snapshot, via, (candidate) => void usableServers(snapshot, candidate, own));
  } catch (error) {
    if (!isMifError(error) || !refusals.has(error.code)) throw error;
    return findCarrier(snapshot, via);
  }
}

const refusals: ReadonlySet<string> = new Set<MifErrorCode>([
  'ERR_MIF_DNS_NO_SERVERS',
  'ERR_MIF_INTERFACE_DOWN',
  'ERR_MIF_NO_CARRIER',
  'ERR_MIF_NO_PATH',
]);

function usableServers(
  snapshot: HostSnapshot,
  carrier: Carrier,
  own: readonly NameServer[] | undefined,
): readonly NameServer[] {
  const { interface: link, pvd } = carrier;
  const who = { interface: link.name, pvd: pvd?.id };
  const obstacle = obstacleOn(link);
  if (obstacle !== undefined) {
    throw new MifError(obstacle.code, `cannot resolve names over ${pvd?.id ?? link.name}: ${obstacle.why}`, who);
  }
  if (own !== undefined) return own;
  const { servers, refused } = serversOver(snapshot, carrier);
  if (servers.length > 0) return servers;
  const why = refused.length === 0 ? 'it has none' : `${refused.join(', ')} cannot be asked from there`;
  throw new MifError('ERR_MIF_DNS_NO_SERVERS', `no name server over ${pvd?.id ?? link.name}: ${why}`, who);
}

function readServers(servers: readonly string[]): NameServer[] {
  if (!Array.isArray(servers) || servers.length === 0) {
    throw new MifError('ERR_MIF_INVALID_ARG', 'option servers: it is not a list of addresses');
  }
  return Array.from(servers, readServer);
}

function domainOfDefault({ pvds }: HostSnapshot): string {
  const domain = defaultDomain(pvds);
  if (domain !== undefined) return domain.handle;
  throw new MifError('ERR_MIF_NO_PATH', 'cannot resolve names: no provisioning domain has a default route', {
    hint: 'Name one with `via`.',
  });
}

/** Names a carrier, with its source where it may not have any. */
function heldVia({ interface: link, pvd, sources }: Carrier): Via {
  const [source] = sources ?? [];
  if (source === undefined) return pvd?.handle ?? link.id;
  return { interface: link.name, index: link.index, ...(pvd === undefined ? {} : { pvd: pvd.id }), source };
}

interface Wanted {
  readonly carrier: Carrier;
  readonly via: Via;
  readonly servers: readonly NameServer[];
}

const mostResolvers = 128;

/** The resolvers of one host, those that were used last at the end. */
class Resolvers {
  readonly #host: Host;
  readonly #byKey = new Map<string, { readonly id: string; readonly resolver: StubResolver }>();

  constructor(host: Host) {
    this.#host = host;
    accessOf(host).addEnding({
      hostEnded: (error) => {
        for (const { resolver } of this.#byKey.values()) resolver.close(error);
        this.#byKey.clear();
      },
    });
  }

  find(snapshot: HostSnapshot, { carrier, via, servers }: Wanted): StubResolver {
    const id = carrierId(carrier);
    const key = JSON.stringify([via, servers.map(({ text }) => text)]);
    let entry = this.#byKey.get(key);
    if (entry === undefined) {
      this.#forget(snapshot);
      const { interface: link, pvd } = carrier;
      const access = accessOf(this.#host);
      entry = {
        id,
        resolver: new StubResolver({
          transport: new HeldTransport(this.#host, via),
          servers,
          who: { interface: link.name, pvd: pvd?.id },
          now: () => access.now(),
        }),
      };
    } else this.#byKey.delete(key);
    this.#byKey.set(key, entry);
    return entry.resolver;
  }

  /** Of carriers that are gone, and of those that nobody has used for longest. What is under way ends by itself. */
  #forget({ pvds, interfaces }: HostSnapshot): void {
    const present = new Set(pvds.map(({ handle }) => handle));
    for (const { id } of interfaces) present.add(id);
    for (const [key, { id }] of this.#byKey) {
      if (!present.has(id) || this.#byKey.size >= mostResolvers) this.#byKey.delete(key);
    }
  }
}

function carrierId({ interface: link, pvd }: Carrier): string {
  return pvd?.handle ?? link.id;
}

const resolvers = new WeakMap<Host, Resolvers>();

function resolversOf(host: Host): Resolvers {
  let own = resolvers.get(host);
  if (own === undefined) {
    own = new Resolvers(host);
    resolvers.set(host, own);
  }
  return own;
}
