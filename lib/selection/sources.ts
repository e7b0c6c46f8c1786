// SPDX-License-Identifier: MIT
// Which sources a socket may be held to, as selection is told.

import type { IpAddress } from '../address/ip-address.ts';

/** Of the interface that a socket is held to. */
export interface Sources {
  /** All that will do, of one family; empty means any that the interface has. */
  readonly allowed: readonly IpAddress[];
  /** Sources and the routers that advertised their prefixes, as far as anybody knows (RFC 8028 section 3.1). */
  readonly advertised: readonly { readonly source: IpAddress; readonly router: IpAddress }[];
}
