// SPDX-License-Identifier: MIT
// The requests that choose a provisioning domain, connect in one and give connecting up
// (draft-ietf-mif-api-extension-05 sec. 3.2.7.21 to .25).

import type { MifErrorCode } from '../binding/contract.gen.ts';
import { MifError } from '../binding/mif-error.ts';
import type { ProvisioningDomain, PvdAddress } from '../pvd/provisioning-domain.ts';
import type { Interface } from '../snapshot/change.ts';
import type { SourceChoice } from './connection.ts';
import { type AddressLiteral, readAddress, whyUnconnectable } from './destination.ts';
import { isAnnounceable } from './facts.ts';
import type { NotConnectedReason } from './message.ts';
import type { PvdResolution } from './pvd-choice.ts';
import { referenceTo } from './pvd-choice.ts';
import type { ConnectToAddress, ConnectToAddressFromAddress } from './request.ts';
import type { RequestEntries } from './request-entry.ts';
import { identifier, ipAddress, port, pvdName } from './request-field.ts';
import type { Subscriber } from './subscriber.ts';

export const connectRequests: RequestEntries<
  'connect-to-pvd' | 'connect-to-address' | 'connect-to-address-from-address' | 'stop-connecting'
> = {
  'connect-to-pvd': {
    fields: { pvd: pvdName },
    handle(subscriber, { type, pvd: posted }) {
      subscriber.reserve(type);
      const pvd = subscriber.pvdChoice.select(posted);
      if (pvd) {
        subscriber.answer({ type: 'pvd-selected', pvd, extension: true });
      } else {
        const reference = referenceTo(posted);
        subscriber.answer({ type: 'pvd-not-selected', pvd: reference, reason: 'unknown-pvd', extension: true });
      }
    },
  },

  'connect-to-address': {
    fields: { address: ipAddress, port, pvd: pvdName, connectionId: identifier },
    handle: (subscriber, request) => connect(subscriber, request),
  },

  'connect-to-address-from-address': {
    fields: { source: ipAddress, address: ipAddress, port, pvd: pvdName, connectionId: identifier },
    handle(subscriber, request) {
      const source = readAddress(request.source)!;
      if (source.family !== readAddress(request.address)!.family) {
        throw new MifError(
          'ERR_MIF_INVALID_ARG',
          `${request.type}: source must be of the family of address, not ${JSON.stringify(request.source)}`,
        );
      }
      connect(subscriber, request, source);
    },
  },

  'stop-connecting': {
    isExtension: true,
    fields: { connectionId: identifier },
    handle: ({ connections }, { connectionId }) => connections.stop(connectionId),
  },
};

/** Why a request was not even tried. */
interface Refusal {
  readonly reason: NotConnectedReason;
  readonly error: MifError;
}

function connect(
  subscriber: Subscriber,
  request: ConnectToAddress | ConnectToAddressFromAddress,
  source?: AddressLiteral,
): void {
  const { type, connectionId } = request;
  if (subscriber.connections.has(connectionId)) {
    throw new MifError(
      'ERR_MIF_DUPLICATE_ID',
      `${type}: connectionId ${JSON.stringify(connectionId)} still names a connection of this session`,
    );
  }
  subscriber.reserve(type);
  const destination = readAddress(request.address)!;
  const plan = planConnection(subscriber, request, destination, source);
  if ('reason' in plan) subscriber.connections.refuse(connectionId, plan.reason, plan.error);
  else subscriber.connections.start({ connectionId, destination, port: request.port, ...plan });
}

function planConnection(
  subscriber: Subscriber,
  request: ConnectToAddress | ConnectToAddressFromAddress,
  destination: AddressLiteral,
  source: AddressLiteral | undefined,
): { pvd: ProvisioningDomain; sources: readonly SourceChoice[] } | Refusal {
  const refuse = (reason: NotConnectedReason, code: MifErrorCode, why: string): Refusal => ({
    reason,
    error: new MifError(code, `cannot connect to ${request.address} port ${request.port} in ${request.pvd}: ${why}`, {
      destination: request.address,
    }),
  });

  const resolution = subscriber.pvdChoice.resolve(request.pvd);
  if (!('pvd' in resolution)) return refuse(resolution.refusal, ...whyNoPvd(resolution));
  const { pvd } = resolution;
  const unconnectable = whyUnconnectable(destination.address);
  if (unconnectable) return refuse('bad-address', 'ERR_MIF_INVALID_ARG', unconnectable);
  const on = interfaceOfZone(subscriber, pvd, destination.zone);
  if (on === null) {
    return refuse('bad-address', 'ERR_MIF_INTERFACE_NOT_FOUND', `it is on no interface "${destination.zone}"`);
  }

  const choices = (members: readonly PvdAddress[]) => sourceChoices(subscriber, pvd, members, on);
  if (source) {
    const from = interfaceOfZone(subscriber, pvd, source.zone);
    const isMeant = (member: PvdAddress) =>
      member.address === source.address && isAnnounceable(member) && (!from || from.index === member.index);
    const sources = from === null ? [] : choices(pvd.addresses.filter(isMeant));
    if (sources[0]) return { pvd, sources: [sources[0]] };
    return refuse('source-not-in-pvd', 'ERR_MIF_NO_ADDRESS', `it has no usable address ${source.address}`);
  }
  const { family, address } = destination;
  const sources = choices(subscriber.network.chooseSources(pvd, { family, address }));
  if (sources.length > 0) return { pvd, sources };
  return refuse('no-source', 'ERR_MIF_NO_ADDRESS', `it has no usable IPv${family} address that fits`);
}

function whyNoPvd({ refusal, reference }: Exclude<PvdResolution, { pvd: unknown }>): [MifErrorCode, string] {
  switch (refusal) {
    case 'pvd-gone':
      return ['ERR_MIF_PATH_LOST', `the chosen domain ${reference.handle} (${reference.id}) has ended`];
    case 'no-source':
      return ['ERR_MIF_NO_ADDRESS', 'the null domain has no configuration'];
    case 'unknown-pvd':
      return ['ERR_MIF_UNKNOWN_ID', 'there is no such provisioning domain'];
  }
}

/** The interface of the domain that a zone names; undefined without a zone, null when the domain is not on it. */
function interfaceOfZone(
  { picture }: Subscriber,
  pvd: ProvisioningDomain,
  zone: string | undefined,
): Interface | undefined | null {
  if (zone === undefined) return undefined;
  const records = pvd.interfaceIds.map((id) => picture.recordOf(id));
  return records.find((record) => record?.name === zone || String(record?.index) === zone) ?? null;
}

/** Addresses of a domain with the interfaces that have them; only those on the given interface, where one is given. */
function sourceChoices(
  { picture }: Subscriber,
  pvd: ProvisioningDomain,
  members: readonly PvdAddress[],
  on: Interface | undefined,
): SourceChoice[] {
  const links = on ? [on] : pvd.interfaceIds.map((id) => picture.recordOf(id));
  return members.flatMap(({ address, index }) => {
    const link = links.find((candidate) => candidate?.index === index);
    return link ? [{ address, interface: link }] : [];
  });
}
