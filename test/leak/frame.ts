// SPDX-License-Identifier: MIT
// A captured frame, as far as it has to be understood to say whose it is. Ethernet (also of loopback), ARP (RFC 826), IPv4
// (RFC 791), IPv6 with its extension headers (RFC 8200), and of what they carry TCP, UDP and ICMPv6.

export interface Frame {
  /** Link that it left by. */
  link: string;
  protocol: 'arp' | 'tcp' | 'udp' | 'icmp' | 'icmp6' | 'igmp' | 'other';
  source: string;
  destination: string;
  family?: 4 | 6;
  /** To a group or to everybody, as its link says. */
  isGroup: boolean;
  sourcePort?: number;
  destinationPort?: number;
  /** Of TCP: flags, and bytes that are carried. */
  flags?: number;
  length?: number;
  /** Operation of ARP, or type of ICMP. */
  type?: number;
  /** All of it that was kept, for whoever has to find out. */
  hex: string;
}

const protocols: Readonly<Record<number, Frame['protocol']>> = {
  1: 'icmp',
  2: 'igmp',
  6: 'tcp',
  17: 'udp',
  58: 'icmp6',
};
/** Hop-by-hop options, routing and destination options: type and length of the next come first. */
const extensions = new Set([0, 43, 60]);

const address4 = (bytes: Buffer, at: number) => bytes.subarray(at, at + 4).join('.');

/** As RFC 5952 writes it, which URL does. */
function address6(bytes: Buffer, at: number): string {
  const groups = Array.from({ length: 8 }, (_, n) => bytes.readUInt16BE(at + 2 * n).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

export function readFrame(link: string, hex: string): Frame {
  const bytes = Buffer.from(hex, 'hex');
  const isGroup = (bytes[0]! & 1) === 1;
  const etherType = bytes.readUInt16BE(12);
  if (etherType === 0x0806) {
    const [source, destination] = [address4(bytes, 28), address4(bytes, 38)];
    return { link, protocol: 'arp', source, destination, isGroup, type: bytes.readUInt16BE(20), hex };
  }
  if (etherType === 0x0800) {
    const start = 14 + (bytes[14]! & 15) * 4;
    const end = 14 + bytes.readUInt16BE(16);
    const [source, destination] = [address4(bytes, 26), address4(bytes, 30)];
    const carried = readCarried(bytes, bytes[23]!, start, end);
    return { link, family: 4, source, destination, isGroup, ...carried, hex };
  }
  if (etherType === 0x86dd) {
    let [next, start] = [bytes[20]!, 54];
    const end = 54 + bytes.readUInt16BE(18);
    while (extensions.has(next)) [next, start] = [bytes[start]!, start + 8 + bytes[start + 1]! * 8];
    const [source, destination] = [address6(bytes, 22), address6(bytes, 38)];
    return { link, family: 6, source, destination, isGroup, ...readCarried(bytes, next, start, end), hex };
  }
  return { link, protocol: 'other', source: '', destination: '', isGroup, type: etherType, hex };
}

function readCarried(bytes: Buffer, number: number, start: number, end: number): Pick<Frame, 'protocol'> {
  const protocol = protocols[number] ?? 'other';
  if (protocol === 'icmp' || protocol === 'icmp6') return { protocol, ...{ type: bytes[start]! } };
  if (protocol !== 'tcp' && protocol !== 'udp') return { protocol };
  const ports = { sourcePort: bytes.readUInt16BE(start), destinationPort: bytes.readUInt16BE(start + 2) };
  if (protocol === 'udp') return { protocol, ...ports };
  const header = (bytes[start + 12]! >> 4) * 4;
  return { protocol, ...ports, ...{ flags: bytes[start + 13]!, length: end - start - header } };
}

/** A line for a person. */
export function described({
  link,
  protocol,
  source,
  destination,
  destinationPort,
  flags,
  length,
  type,
}: Frame): string {
  const to = destinationPort === undefined ? destination : `${destination} port ${destinationPort}`;
  const more = [
    type === undefined ? undefined : `type ${type}`,
    flags === undefined ? undefined : `flags ${flags.toString(16)}`,
    length === undefined ? undefined : `${length} bytes`,
  ].filter(Boolean);
  return `${link}: ${protocol} ${source} > ${to}${more.length > 0 ? ` (${more.join(', ')})` : ''}`;
}
