// SPDX-License-Identifier: MIT
// The source of records that asks the APIs of captive portals, over the domains that were told of them (RFC 8908, PVD-79). How
// often is in pace.ts, what is believed in portal-answer.ts.

import { parseIpAddress } from '../../address/ip-address.ts';
import type { PortalRecord, PvdRecord } from '../../pvd/record.ts';
import type { RecordSource, SourceContext, SourceState } from '../../pvd/source.ts';
import type { FetchIn, FetchOutcome } from '../domain-fetch.ts';
import type { FetchableDomain } from '../fetchable-domain.ts';
import { KeptRecords } from '../kept-records.ts';
import { RequestWindow } from '../request-window.ts';
import { Requests } from '../requests.ts';
import { type LastAnswer, pauseAfter } from './pace.ts';
import { readPortalAnswer } from './portal-answer.ts';

export interface PortalSourceOptions {
  readonly context: SourceContext;
  readonly fetchIn: FetchIn;
  /** From 0 to less than 1. */
  readonly random?: () => number;
}

const mediaType = 'application/captive+json';
/** A new API is asked within this time: a whole network may have been told of it at once. */
const firstPauseMs = 1_000;
/** Networks whose requests are counted. */
const mostWindows = 64;

interface Portal {
  readonly apiUri: string;
  domain: FetchableDomain;
  /** When to ask; undefined while a request is under way. */
  at: number | undefined;
  last: LastAnswer | undefined;
  record: PortalRecord | undefined;
}

export class PortalSource implements RecordSource {
  readonly origin = 'captive-portal';
  readonly #context: SourceContext;
  readonly #random: () => number;
  readonly #requests: Requests;
  /** By interface and domain. */
  readonly #portals = new Map<string, Portal>();
  /** By id of their interface. */
  readonly #windows = new Map<string, RequestWindow>();
  readonly #kept = new KeptRecords();

  constructor({ context, fetchIn, random = Math.random }: PortalSourceOptions) {
    this.#context = context;
    this.#random = random;
    this.#requests = new Requests(fetchIn);
  }

  get state(): SourceState {
    return this.#requests.state;
  }

  get nextDeadline(): number | undefined {
    let next: number | undefined;
    for (const [key, portal] of this.#portals) {
      const at = this.#when(key, portal);
      if (at !== undefined && (next === undefined || at < next)) next = at;
    }
    return next;
  }

  takeChanged(): Iterable<string | undefined> {
    return this.#kept.takeChanged();
  }

  records(interfaceId: string | undefined): readonly PvdRecord[] {
    return this.#kept.of(interfaceId);
  }

  followInterfaces(): void {}

  /** The present domains of the host. */
  follow(all: readonly FetchableDomain[]): void {
    const now = this.#context.now();
    const wanted = new Map<string, FetchableDomain>();
    for (const domain of all) {
      if (domain.portal === undefined || !domain.isAttached || !domain.hasAddress) continue;
      if (isAskable(domain.portal, domain.hasResolver)) wanted.set(keyOf(domain), domain);
    }
    for (const [key, { apiUri }] of this.#portals) {
      if (wanted.get(key)?.portal === apiUri) continue;
      this.#portals.delete(key);
      this.#requests.giveUp(key);
      this.#requests.note(key, undefined);
    }
    for (const [key, domain] of wanted) {
      const known = this.#portals.get(key);
      if (known !== undefined) known.domain = domain;
      else {
        const at = now + this.#random() * firstPauseMs;
        this.#portals.set(key, { apiUri: domain.portal!, domain, at, last: undefined, record: undefined });
      }
    }
    if (this.#keep(now)) this.#context.onChange();
  }

  expire(now: number): void {
    for (const [key, portal] of this.#portals) {
      const at = this.#when(key, portal);
      if (at === undefined || at > now) continue;
      const { apiUri, domain } = portal;
      this.#windowOf(domain.interfaceId).take(key, now);
      portal.at = undefined;
      this.#requests.begin(key, domain, { url: apiUri, type: mediaType, exactName: false }, (outcome) => {
        this.#take(key, portal, outcome);
        this.#context.onChange();
      });
    }
  }

  close(): void {
    this.#requests.close();
    this.#portals.clear();
    this.#kept.replace([], 0);
  }

  #take(key: string, portal: Portal, outcome: FetchOutcome): void {
    const now = this.#context.now();
    const { domain, apiUri, last } = portal;
    const read = outcome.kind === 'body' ? readPortalAnswer(outcome.body) : outcome.why;
    const countOf = (kind: 'captive' | 'failed') => (last?.kind === kind ? last.count + 1 : 1);
    if (typeof read === 'string') {
      this.#requests.note(key, `${domain.id}: ${read}`);
      portal.last = { kind: 'failed', count: countOf('failed') };
      portal.record = undefined;
    } else {
      this.#requests.note(key, undefined);
      const { secondsRemaining, ...answer } = read;
      portal.last = answer.captive
        ? { kind: 'captive', count: countOf('captive') }
        : { kind: 'open', secondsRemaining };
      portal.record = {
        type: 'portal',
        origin: this.origin,
        key: domain.key,
        interfaceId: domain.interfaceId,
        domain: domain.key,
        isNamed: domain.isNamed,
        apiUri,
        ...answer,
        sessionUntil: secondsRemaining === undefined ? undefined : now + secondsRemaining * 1000,
      };
    }
    portal.at = now + pauseAfter(portal.last, this.#random());
    this.#keep(now);
  }

  #keep(now: number): boolean {
    const records = [...this.#portals.values()].flatMap(({ record }) => record ?? []);
    return this.#kept.replace(records, now);
  }

  #when(key: string, { at, domain }: Portal): number | undefined {
    return at === undefined ? undefined : this.#windowOf(domain.interfaceId).allowedAt(key, at);
  }

  #windowOf(interfaceId: string): RequestWindow {
    let window = this.#windows.get(interfaceId);
    if (window === undefined) {
      window = new RequestWindow();
      this.#windows.set(interfaceId, window);
      if (this.#windows.size > mostWindows) this.#windows.delete(this.#windows.keys().next().value!);
    }
    return window;
  }
}

/** What is not asked over TLS could be anybody's answer (RFC 8908 section 4.1); for a name there has to be whom to ask. */
function isAskable(apiUri: string, hasResolver: boolean): boolean {
  const { protocol, hostname } = new URL(apiUri);
  const isNamed = parseIpAddress(hostname.replace(/^\[(.*)\]$/, '$1')) === undefined;
  return protocol === 'https:' && (hasResolver || !isNamed);
}

function keyOf({ interfaceId, key, isNamed }: FetchableDomain): string {
  return `${interfaceId} ${isNamed ? 'name' : 'provider'} ${key}`;
}
