// SPDX-License-Identifier: MIT
// A route of the main table as a plain record, as an administrator would add it.

import type { Route } from '../../lib/binding/contract.gen.ts';

export function route(destination: string, fields: Partial<Route> = {}): Route {
  return {
    family: destination.includes(':') ? 6 : 4,
    destination,
    type: 'unicast',
    table: 254,
    protocol: 'static',
    scope: 'global',
    metric: 0,
    tos: 0,
    flags: [],
    ...fields,
  };
}
