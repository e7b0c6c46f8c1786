// SPDX-License-Identifier: MIT
// Numbers and addresses in network order out of bytes that strangers sent. Who reads has made sure of the length; where he
// has not, an exception says so and nothing is read that is not there.

import { formatIpv6 } from '../../address/ip-address.ts';

export function uint16At(bytes: Uint8Array, at: number): number {
  return viewOf(bytes).getUint16(at);
}

export function uint32At(bytes: Uint8Array, at: number): number {
  return viewOf(bytes).getUint32(at);
}

/** The text of the IPv6 address of which the first `length` bytes, at most 16, are at `at`; the others are zero. */
export function addressAt(bytes: Uint8Array, at: number, length = 16): string {
  const whole = new Uint8Array(16);
  whole.set(bytes.subarray(at, at + Math.min(length, 16)));
  const view = viewOf(whole);
  return formatIpv6(view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12));
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
