// SPDX-License-Identifier: MIT
// What Node loads before a program of `mif run`: makes the whole program a scope. Where that is impossible the program must
// not start, so nothing is caught here.

import { enterScope, openHost } from '../mif/mif.ts';
import type { Via } from '../via/carrier.ts';

/** What `mif run` wrote into the address of this module. */
const asked = decodeURIComponent(new URL(import.meta.url).search.slice(1));
const { via, netns } = JSON.parse(asked) as { via: Via; netns?: string | number };
// Of the program's own namespace the default host will do.
enterScope({ via, ...(netns === undefined ? {} : { host: await openHost({ netns }) }) });
