// SPDX-License-Identifier: MIT
// The PvD option (RFC 8801 section 3.1, PVD-57): the name of a provisioning domain, and what is said to those only who know
// such names.

import { canBeHost, readDomainName } from './domain-name.ts';
import { type AdvertisementHeader, headerSize, readHeader } from './header.ts';
import { uint16At } from './octets.ts';
import { type DecodedOptions, decodeOptions } from './options.ts';
import { type OptionRefusal, unit } from './router-option.ts';

export interface PvdInformation extends DecodedOptions {
  /** Lower case, without the last dot (PVD-22). */
  readonly id: string;
  /** H: additional information is there to be fetched. */
  readonly http: boolean;
  /** L: the domain has the DHCPv4 configuration of the link too. */
  readonly legacy: boolean;
  /** 0 without `http`, as the sequence number is: they are to be ignored then (PVD-59). */
  readonly delay: number;
  readonly sequence: number;
  /** In place of the header of the advertisement (PVD-61). */
  readonly header: AdvertisementHeader | undefined;
}

const flagHttp = 0x8000;
const flagLegacy = 0x4000;
const flagHeader = 0x2000;
const delayBits = 0x000f;
const idAt = 6;

/** Reads an option of that type, of which the length is right. */
export function readPvdOption(option: Uint8Array): PvdInformation | OptionRefusal {
  const flags = uint16At(option, 2);
  const found = readDomainName(option, idAt);
  if (found === undefined || !canBeHost(found.name)) return 'name';
  const http = (flags & flagHttp) !== 0;
  let at = Math.ceil(found.end / unit) * unit;
  let header: AdvertisementHeader | undefined;
  if ((flags & flagHeader) !== 0) {
    if (option.length - at < headerSize) return 'inner';
    header = readHeader(option, at);
    at += headerSize;
  }
  const inner = decodeOptions(option.subarray(at), () => 'nested');
  if (inner === undefined) return 'inner';
  return {
    id: found.name,
    http,
    legacy: (flags & flagLegacy) !== 0,
    delay: http ? flags & delayBits : 0,
    sequence: http ? uint16At(option, 4) : 0,
    header,
    ...inner,
  };
}
