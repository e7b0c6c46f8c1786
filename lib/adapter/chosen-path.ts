// SPDX-License-Identifier: MIT
// What `via` stands for at this moment, for pools that outlive it: the networks that are up, and a key for what may be
// kept over the first of them.

import { MifError } from '../binding/mif-error.ts';
import { accessOf, type Host } from '../host/host.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import type { Endpoint } from '../socket/endpoint.ts';
import { checkCarrier } from '../socket/preflight.ts';
import { type Carrier, findCarrier, findCarriers, type Via } from '../via/carrier.ts';
import { snapshotNaming } from '../via/named-interface.ts';
import { obstacleOn } from '../via/obstacle.ts';

/** The networks that may carry a connection made now. */
export interface ChosenPath {
  /** Names the first network; never that of another one, since ids and handles are not reused. */
  readonly key: string;
  /**
   * The carrier for a check, as of findCarrier, among those that were up: not one that has come since, whose pool is
   * another.
   */
  pick(check?: (candidate: Carrier) => void): Carrier;
  /** The same for a destination, thought out once for each picture of the host. @throws as pick, and as checkCarrier */
  carrierTo(endpoint: Endpoint): Carrier;
}

/** `via`, looked at anew for each connection. */
export class PathChoice {
  readonly #host: Host;
  readonly #via: Via;
  /** It may mean something else although nothing has changed on the host: a function. */
  readonly #isLive: boolean;
  /** The last answer, and the picture that it is of. */
  #latest: { readonly generation: number; readonly chosen: ChosenPath } | undefined;

  /** @throws MifError ERR_MIF_INVALID_ARG without a `via`: a pool that is held to nothing is Node's own. */
  constructor(host: Host, via: Via) {
    if (via === undefined || via === null) {
      throw new MifError('ERR_MIF_INVALID_ARG', 'option via: it must say which network to use');
    }
    this.#host = host;
    this.#via = via;
    this.#isLive = [via].flat().some((item) => typeof item === 'function');
  }

  /** @throws MifError as findCarrier; ERR_MIF_INTERFACE_DOWN, ERR_MIF_NO_CARRIER */
  now(): ChosenPath {
    const access = accessOf(this.#host);
    if (!this.#isLive && this.#latest?.generation === access.snapshot().generation) return this.#latest.chosen;
    const snapshot = snapshotNaming(access, this.#via);
    const ready = findCarriers(snapshot, this.#via).filter(({ interface: link }) => obstacleOn(link) === undefined);
    // Throws, and says why for each, when none is ready.
    const first = ready[0] ?? findCarrier(snapshot, this.#via, requireReady);
    const ids = new Set((ready.length > 0 ? ready : [first]).map(idOf));
    const pick: ChosenPath['pick'] = (check = () => {}) => this.#pick(ids, check);
    const chosen = { key: idOf(first), pick, carrierTo: this.#carriersTo(pick) };
    this.#latest = { generation: snapshot.generation, chosen };
    return chosen;
  }

  #carriersTo(pick: ChosenPath['pick']): ChosenPath['carrierTo'] {
    let of: HostSnapshot | undefined;
    const known = new Map<string, Carrier>();
    return (endpoint) => {
      const snapshot = accessOf(this.#host).snapshot();
      if (this.#isLive || snapshot !== of || known.size > rememberedCarriers) known.clear();
      of = snapshot;
      const key = endpoint.zone === undefined ? endpoint.address : `${endpoint.address}%${endpoint.zone}`;
      let carrier = known.get(key);
      if (carrier === undefined) {
        carrier = pick((candidate) => checkCarrier(snapshot, candidate, endpoint));
        known.set(key, carrier);
      }
      return carrier;
    };
  }

  #pick(ids: ReadonlySet<string>, check: (candidate: Carrier) => void): Carrier {
    const snapshot = snapshotNaming(accessOf(this.#host), this.#via);
    return findCarrier(snapshot, this.#via, (candidate) => {
      if (!ids.has(idOf(candidate))) throw changed(candidate);
      check(candidate);
    });
  }
}

/** Bounds what a crawler costs. */
const rememberedCarriers = 1_024;

/** Names a carrier for as long as there is one, and nothing else ever. */
function idOf({ interface: link, pvd }: Carrier): string {
  return pvd?.handle ?? link.id;
}

/** A `via` that means this carrier, with this source where it may not have any, and nothing else. */
export function viaOf(carrier: Carrier, source: string | undefined): Via {
  if (carrier.sources === undefined || source === undefined) return idOf(carrier);
  const { interface: link, pvd } = carrier;
  return { interface: link.name, index: link.index, ...(pvd === undefined ? {} : { pvd: pvd.id }), source };
}

function changed({ interface: link, pvd }: Carrier): MifError {
  return new MifError('ERR_MIF_PATH_LOST', `cannot connect over ${pvd?.id ?? link.name}: it was not up at first`, {
    interface: link.name,
    pvd: pvd?.id,
  });
}

function requireReady({ interface: link, pvd }: Carrier): void {
  const obstacle = obstacleOn(link);
  if (obstacle === undefined) return;
  throw new MifError(obstacle.code, `cannot connect over ${pvd?.id ?? link.name}: ${obstacle.why}`, {
    interface: link.name,
    pvd: pvd?.id,
  });
}
