// SPDX-License-Identifier: MIT
// Response codes and their names (RFC 1035 section 4.1.1, RFC 2136, RFC 6891).

const names = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET', 'NXRRSET'];

export const noError = 0;
export const noSuchName = 3;

export function rcodeName(rcode: number): string {
  return names[rcode] ?? `RCODE${rcode}`;
}
