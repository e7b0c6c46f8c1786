// SPDX-License-Identifier: MIT
// What the kernel sends by itself on a link that nobody uses. Nothing else may be on a wrong link: not a question for a
// neighbour, not a name server's.

import type { Frame } from './frame.ts';

interface Noise {
  /** As docs/testing.md lists it. */
  what: string;
  is(frame: Frame): boolean;
}

const solicitation = 133;
const neighborSolicitation = 135;
const neighborAdvertisement = 136;
/** Reports of listeners to groups, versions 1 and 2 (RFC 2710, RFC 3810), and who no longer listens. */
const listenerMessages = [131, 132, 143];
const [request, reply] = [1, 2];
/** Of TCP (RFC 9293 section 3.1). */
const [rst, ack] = [4, 16];

export const noises: readonly Noise[] = [
  { what: 'router solicitations', is: ({ protocol, type }) => protocol === 'icmp6' && type === solicitation },
  {
    what: 'reports of groups',
    is: ({ protocol, type }) => protocol === 'igmp' || (protocol === 'icmp6' && listenerMessages.includes(type ?? 0)),
  },
  {
    what: 'detection of duplicates of its own addresses',
    is: ({ protocol, type, source }) => protocol === 'icmp6' && type === neighborSolicitation && source === '::',
  },
  {
    what: 'answers to neighbours that ask for its addresses',
    is: ({ protocol, type }) =>
      (protocol === 'arp' && type === reply) || (protocol === 'icmp6' && type === neighborAdvertisement),
  },
  {
    // To one that is known already: who wants to reach somebody new asks the group.
    what: 'confirmation of a neighbour that it knows',
    is: ({ protocol, type, isGroup }) =>
      !isGroup && ((protocol === 'arp' && type === request) || (protocol === 'icmp6' && type === neighborSolicitation)),
  },
  {
    what: 'bare resets, in answer to segments of connections that it does not know (F15)',
    is: ({ protocol, flags = 0, length }) => protocol === 'tcp' && (flags & rst) !== 0 && length === 0,
  },
  {
    what: 'bare acknowledgements of IPv6 connections that have ended (F15)',
    is: (frame) => frame.family === 6 && isBareAcknowledgement(frame),
  },
  {
    what: 'ICMP errors, in answer to datagrams that nobody waits for any more (F15)',
    is: ({ protocol, type }) => (protocol === 'icmp' && type === 3) || (protocol === 'icmp6' && type === 1),
  },
];

/** Nothing but the word that something has arrived. */
export function isBareAcknowledgement({ protocol, flags, length }: Frame): boolean {
  return protocol === 'tcp' && flags === ack && length === 0;
}

export function isNoise(frame: Frame): boolean {
  return noises.some(({ is }) => is(frame));
}
