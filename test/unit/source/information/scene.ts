// SPDX-License-Identifier: MIT
// A source that asks servers, on a clock of the test's own, with servers that say what the test wants.

import type { FetchDomain, FetchIn, FetchOutcome, FetchRequest } from '../../../../lib/source/domain-fetch.ts';
import type { FetchableDomain } from '../../../../lib/source/fetchable-domain.ts';
import type { RecordSource, SourceContext } from '../../../../lib/pvd/source.ts';
import { option } from '../../pvd/told-records.ts';

export interface Asked {
  readonly domain: FetchDomain;
  readonly request: FetchRequest;
  answer(outcome: FetchOutcome | object): Promise<void>;
}

export class Scene<S extends RecordSource & { follow(domains: readonly FetchableDomain[]): void }> {
  now = 0;
  told = 0;
  readonly asked: Asked[] = [];
  readonly source: S;

  constructor(make: (parts: { context: SourceContext; fetchIn: FetchIn; wallNow: () => number }) => S) {
    const context: SourceContext = {
      interfaceAt: () => undefined,
      interfaceNamed: () => undefined,
      now: () => this.now,
      onChange: () => void this.told++,
    };
    const fetchIn: FetchIn = (domain, request) =>
      new Promise((resolve) => {
        this.asked.push({
          domain,
          request,
          answer: async (outcome) => {
            resolve('kind' in outcome ? outcome : { kind: 'body', body: Buffer.from(JSON.stringify(outcome)) });
            await new Promise((done) => setImmediate(done));
          },
        });
      });
    this.source = make({ context, fetchIn, wallNow: () => wallStart + this.now });
  }

  /** Lets the clock run to a moment, stopping where the source wants to be called. */
  runTo(moment: number): void {
    for (let next = this.source.nextDeadline; next !== undefined && next <= moment; next = this.source.nextDeadline) {
      this.now = Math.max(this.now, next);
      this.source.expire(this.now);
    }
    this.now = moment;
  }

  get last(): Asked {
    return this.asked.at(-1)!;
  }
}

/** When the scene begins, on the wall clock. */
export const wallStart = Date.parse('2026-11-22T00:00:00Z');

export function domain(fields: Partial<FetchableDomain> = {}): FetchableDomain {
  const key = fields.key ?? 'cafe.example';
  return {
    handle: 'pvd:1',
    id: key,
    interfaceId: 'if:3.1',
    key,
    isNamed: true,
    isAttached: true,
    hasAddress: true,
    hasResolver: true,
    option: option(key, { http: true, sequence: 1 }),
    prefixes: [{ prefix: '2001:db8:1::/64' }],
    portal: undefined,
    ...fields,
  };
}
