// SPDX-License-Identifier: MIT
// A name server as it is written: an address, of a link-local one with zone, and perhaps a port.

import { formatIpAddress, isLoopback, isMulticast, isUnspecified, parseIpAddress } from '../address/ip-address.ts';
import { MifError } from '../binding/mif-error.ts';

export interface NameServer {
  readonly family: 4 | 6;
  /** With zone, where it has one. */
  readonly address: string;
  readonly port: number;
  /** As it is told in answers and errors: the address, and the port where that is not 53. */
  readonly text: string;
}

const usualPort = 53;

/** @throws MifError ERR_MIF_INVALID_ARG */
export function readServer(written: unknown): NameServer {
  const text = typeof written === 'string' ? written : '';
  const [, bracketed, , after] = /^\[([^\]]*)\](:(\d{1,5}))?$/.exec(text) ?? [];
  const [, plain, behind] = /^([\d.]+):(\d{1,5})$/.exec(text) ?? [];
  const parsed = parseIpAddress(bracketed ?? plain ?? text);
  const port = Number(after ?? behind ?? usualPort);
  if (parsed === undefined || port < 1 || port > 65_535) {
    const shown = typeof written === 'string' ? JSON.stringify(written) : String(written);
    throw new MifError('ERR_MIF_INVALID_ARG', `option servers: ${shown} is not an IP address, with or without port`);
  }
  const address = formatIpAddress(parsed);
  if (isUnspecified(address) || isMulticast(address)) {
    throw new MifError('ERR_MIF_INVALID_ARG', `option servers: nobody can be asked at ${address}`);
  }
  const shown = port === usualPort ? address : `${parsed.family === 6 ? `[${address}]` : address}:${port}`;
  return { family: parsed.family, address, port, text: shown };
}

/** Whether it is this host's own, such as the stub of systemd-resolved: that asks others by whatever way it likes (trap G3). */
export function isOwnStub({ address }: NameServer): boolean {
  return isLoopback(address);
}
