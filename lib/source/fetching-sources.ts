// SPDX-License-Identifier: MIT
// The sources that ask servers about domains, over those domains. Unlike all others they follow what the others made of a network:
// whom to ask is known only then. So they are given the domains, and are opened where a program wants them (PVD-66).

import type { DomainState } from '../pvd/domain-state.ts';
import type { RecordOrigin } from '../pvd/record.ts';
import type { RecordSource, SourceContext } from '../pvd/source.ts';
import type { FetchIn } from './domain-fetch.ts';
import { fetchableDomains } from './fetchable-domain.ts';
import { InformationSource } from './information/information-source.ts';
import { PortalSource } from './portal/portal-source.ts';
import type { SourceReport } from './source-choice.ts';

const fetchingOrigins = ['pvd-information', 'captive-portal'] as const satisfies readonly RecordOrigin[];

export interface FetchingSourcesOptions {
  readonly context: SourceContext;
  readonly fetchIn: FetchIn;
}

export class FetchingSources {
  readonly sources: readonly RecordSource[];
  readonly #context: SourceContext;
  readonly #information: InformationSource;
  readonly #portal: PortalSource;
  #states: readonly DomainState[] | undefined;
  #discreet: ReadonlySet<string> | undefined;

  constructor(options: FetchingSourcesOptions) {
    this.#context = options.context;
    this.#information = new InformationSource(options);
    this.#portal = new PortalSource(options);
    this.sources = [this.#information, this.#portal];
  }

  /**
   * The present domains; cheap where they are those of the last call.
   * @param discreet - ids of interfaces on which no additional information is to be asked for
   */
  follow(states: readonly DomainState[], discreet: ReadonlySet<string>): void {
    if (states === this.#states && discreet === this.#discreet) return;
    this.#states = states;
    this.#discreet = discreet;
    const domains = fetchableDomains(states, {
      discreet,
      isRunning: (index) => this.#context.interfaceAt(index)?.running ?? false,
    });
    this.#information.follow(domains);
    this.#portal.follow(domains);
  }

  close(): void {
    for (const source of this.sources) source.close();
  }
}

/** What they tell here. @param isAsked - whether the program wants them */
export function fetchingReports(isAsked: boolean, fetching: FetchingSources | undefined): SourceReport[] {
  return fetchingOrigins.map((origin): SourceReport => {
    if (!isAsked) return { origin, state: 'absent', why: 'it was not asked for: option information' };
    const source = fetching?.sources.find((each) => each.origin === origin);
    return source === undefined ? { origin, state: 'unopened' } : { origin, ...source.state };
  });
}
