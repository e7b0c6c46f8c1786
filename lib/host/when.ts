// SPDX-License-Identifier: MIT
// host.when(): waits until there is a network that a `via` stands for. Each change is looked at as a whole, because a `via` may
// be a function of anything.

import { isLinkLocal } from '../address/ip-address.ts';
import { MifError } from '../binding/mif-error.ts';
import { addressState, isUsable } from '../pvd/draft.ts';
import { checkNames } from '../selection/question.ts';
import type { HostChange } from '../snapshot/change.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import { type Carrier, carriersOf, type Via } from '../via/carrier.ts';
import { type LocalPath, localPathOf } from '../via/local-path.ts';
import { type NameSource, snapshotNaming } from '../via/named-interface.ts';
import { obstacleOn } from '../via/obstacle.ts';
import { closedError } from './closed-error.ts';

export interface WhenOptions {
  /** Gives up. The call fails with its reason. */
  signal?: AbortSignal | undefined;
}

const optionNames = new Set(['signal']);

/**
 * @param changesFrom - what changes from now on.
 * @throws as Host.when
 */
export async function waitForNetwork(
  source: NameSource,
  changesFrom: (signal: AbortSignal | undefined) => AsyncIterableIterator<HostChange, undefined>,
  via: Via,
  options: WhenOptions,
): Promise<LocalPath> {
  checkNames(options, optionNames);
  const { signal } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new MifError('ERR_MIF_INVALID_ARG', 'option signal: it is not an AbortSignal');
  }
  signal?.throwIfAborted();
  // Before the first look, so that nothing comes between it and the next.
  const changes = changesFrom(signal);
  try {
    for (;;) {
      const found = presentPath(snapshotNaming(source, via), via);
      if (found !== undefined) return found;
      const { done } = await changes.next();
      if (done) throw closedError();
    }
  } finally {
    await changes.return?.();
  }
}

function presentPath(snapshot: HostSnapshot, via: Via): LocalPath | undefined {
  for (const carrier of carriersOf(snapshot, via, () => {})) {
    if (obstacleOn(carrier.interface) !== undefined) continue;
    const addresses = addressesOf(snapshot, carrier);
    if (addresses.length > 0) return localPathOf(carrier, addresses);
  }
  return undefined;
}

/**
 * Addresses that something could be sent from. Every interface that comes up gives itself link-local ones, which say nothing of a
 * network behind it: they count for who names the domain of these.
 */
function addressesOf({ addresses }: HostSnapshot, { interface: link, pvd, sources }: Carrier): string[] {
  const own = pvd?.addresses ?? [...addresses].filter(({ index }) => index === link.index);
  const countsLinkLocal = pvd?.origin === 'link-local';
  return own
    .filter((address) => isUsable(addressState(address)))
    .map(({ address }) => address)
    .filter((address) => (countsLinkLocal || !isLinkLocal(address)) && (sources?.includes(address) ?? true));
}
