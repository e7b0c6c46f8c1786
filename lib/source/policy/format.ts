// SPDX-License-Identifier: MIT
// The forms that texts of a policy may be of.

import { parsePrefix } from '../../address/prefix.ts';
import { addressOf, domainOf } from '../told-values.ts';

export const formats = {
  address: { name: 'address', test: (text: string) => addressOf(text) !== undefined },
  prefix: { name: 'prefix such as 192.0.2.0/24', test: (text: string) => parsePrefix(text) !== undefined },
  domain: { name: 'domain name', test: (text: string) => domainOf(text) !== undefined },
  'domain-pattern': {
    name: 'domain name, nor one behind *.',
    test: (text: string) => domainOf(text.replace(/^\*\./, '')) !== undefined,
  },
} as const;
