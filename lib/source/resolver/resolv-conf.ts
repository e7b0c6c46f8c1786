// SPDX-License-Identifier: MIT
// resolv.conf(5): the resolvers and search domains of a file in that form, which daemons use between them as well. Says which
// resolvers are of this machine, because a socket held to an interface cannot reach these (trap G3). Throws nothing.

import { bounded, domainsOf, resolverOf } from '../told-values.ts';

export interface ResolvConf {
  /** Not of this machine; those with a zone keep it. */
  readonly resolvers: readonly string[];
  /** `127.0.0.53` and such, as written. */
  readonly ownResolvers: readonly string[];
  readonly searchDomains: readonly string[];
}

const mostLines = 4096;

export function parseResolvConf(text: string): ResolvConf {
  const resolvers: string[] = [];
  const ownResolvers: string[] = [];
  let search: string[] = [];
  let domain: string[] = [];
  for (const line of text.split('\n', mostLines)) {
    // A keyword counts at the start of a line only; comments are whole lines, or stand behind.
    const [keyword, ...values] = line.replace(/[#;].*$/, '').split(/\s+/);
    if (keyword === 'nameserver' && values[0]) {
      const resolver = resolverOf(values[0], true);
      if (resolver !== undefined) resolvers.push(resolver);
      else if (/^(127\.|0\.0\.0\.0$|::1?$)/.test(values[0])) ownResolvers.push(values[0]);
    } else if (keyword === 'search') search = values;
    else if (keyword === 'domain') domain = values.slice(0, 1);
  }
  return {
    resolvers: bounded(resolvers),
    ownResolvers: bounded(ownResolvers),
    // The C library lets the last of both count; daemons write both and mean the longer one.
    searchDomains: domainsOf(search.length > 0 ? search : domain),
  };
}
