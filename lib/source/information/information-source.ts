// SPDX-License-Identifier: MIT
// The source of records that fetches the additional information of domains over those domains themselves (RFC 8801 section 4). When
// is in schedule.ts, what is believed in information.ts; whether it still holds is found out again with every word of
// the routers (pvd/information.ts).
//
// All domains of a network whose routers say so are asked, or none: which ones a host asks would tell what it is set up for
// (PVD-78). No cookies, no names of programs; that nobody else is asked on the way is the business of who makes requests.

import { isCovering } from '../../pvd/information.ts';
import type { InformationRecord, PvdRecord } from '../../pvd/record.ts';
import type { RecordSource, SourceContext, SourceState } from '../../pvd/source.ts';
import type { FetchIn, FetchOutcome } from '../domain-fetch.ts';
import type { FetchableDomain } from '../fetchable-domain.ts';
import { KeptRecords } from '../kept-records.ts';
import { Requests } from '../requests.ts';
import { type Information, readInformation } from './information.ts';
import { FetchSchedule, type Wish } from './schedule.ts';

export interface FetchingOptions {
  readonly context: SourceContext;
  readonly fetchIn: FetchIn;
  /** From 0 to less than 1. */
  readonly random?: () => number;
  /** Milliseconds on the wall clock, in which servers say until when something holds. */
  readonly wallNow?: () => number;
}

/** However long a server says: its clock may be wrong, and so may ours (SEC-30). */
const longestKeptMs = 30 * 24 * 3_600_000;
const mediaType = 'application/pvd+json';
/** A network that is gone may come back; how often it was asked is remembered for so many. */
const mostNetworks = 64;

interface Network {
  readonly schedule: FetchSchedule;
  domains: ReadonlyMap<string, FetchableDomain>;
}

export class InformationSource implements RecordSource {
  readonly origin = 'pvd-information';
  readonly #context: SourceContext;
  readonly #random: () => number;
  readonly #wallNow: () => number;
  readonly #requests: Requests;
  /** By id of their interface. */
  readonly #networks = new Map<string, Network>();
  /** By interface and domain. */
  readonly #records = new Map<string, InformationRecord>();
  readonly #kept = new KeptRecords();
  /** Those without name servers, by id of their interface. */
  readonly #waiting = new Map<string, readonly FetchableDomain[]>();

  constructor({ context, fetchIn, random = Math.random, wallNow = Date.now }: FetchingOptions) {
    this.#context = context;
    this.#random = random;
    this.#wallNow = wallNow;
    this.#requests = new Requests(fetchIn);
  }

  get state(): SourceState {
    const [waiting] = [...this.#waiting.values()].flat();
    if (waiting !== undefined) return { state: 'limited', why: `${waiting.id}: it has no name servers` };
    return this.#requests.state;
  }

  get nextDeadline(): number | undefined {
    const deadlines = [...this.#networks.values()].map(({ schedule }) => schedule.nextDeadline);
    const all = [...deadlines, this.#kept.nextDeadline].filter((at) => at !== undefined);
    return all.length === 0 ? undefined : Math.min(...all);
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
    const byInterface = new Map<string, FetchableDomain[]>();
    for (const domain of all) {
      if (domain.option === undefined) continue;
      const domains = byInterface.get(domain.interfaceId);
      if (domains === undefined) byInterface.set(domain.interfaceId, [domain]);
      else domains.push(domain);
    }
    for (const interfaceId of byInterface.keys()) this.#networkOf(interfaceId);
    for (const [interfaceId, network] of this.#networks) {
      const domains = byInterface.get(interfaceId) ?? [];
      network.domains = new Map(domains.map((domain) => [domain.key, domain]));
      this.#followNetwork(interfaceId, network, now);
    }
    this.#forgetGone(now);
  }

  expire(now: number): void {
    for (const [key, { until }] of this.#records) if (until <= now) this.#records.delete(key);
    this.#kept.expire(now);
    for (const [interfaceId, { schedule, domains }] of this.#networks) {
      for (const wish of schedule.begin(now)) this.#fetch(interfaceId, wish, domains.get(wish.id)!);
    }
  }

  close(): void {
    this.#requests.close();
    this.#networks.clear();
    this.#waiting.clear();
    this.#records.clear();
    this.#kept.replace([], 0);
  }

  #networkOf(interfaceId: string): void {
    if (this.#networks.has(interfaceId)) return;
    for (const [id, { domains }] of this.#networks) {
      if (this.#networks.size < mostNetworks) break;
      if (domains.size > 0) continue;
      this.#networks.delete(id);
      this.#waiting.delete(id);
    }
    this.#networks.set(interfaceId, { schedule: new FetchSchedule(this.#random), domains: new Map() });
  }

  #followNetwork(interfaceId: string, { schedule, domains }: Network, now: number): void {
    const list = [...domains.values()];
    const isAttached = list.some((domain) => domain.isAttached);
    // Its server is known by name only.
    const wishes = list
      .filter(({ hasAddress, hasResolver }) => hasAddress && hasResolver)
      .map(({ key, option }): Wish => ({ id: key, sequence: option!.sequence, delay: option!.delay }));
    const stale = isAttached ? schedule.follow(wishes, now) : schedule.detach();
    for (const id of stale) {
      const key = keyOf(interfaceId, id);
      this.#requests.giveUp(key);
      // Where it failed it is not asked again, and that stays so while the host is attached.
      if (!isAttached || !domains.has(id)) this.#requests.note(key, undefined);
    }
    if (isAttached)
      this.#waiting.set(
        interfaceId,
        list.filter(({ hasResolver }) => !hasResolver),
      );
    else this.#waiting.delete(interfaceId);
  }

  /** What holds no longer needs no keeping, and what nobody asks for any more must not come back. */
  #forgetGone(now: number): void {
    let differs = false;
    for (const [key, { interfaceId, pvd, sequence }] of this.#records) {
      const domain = this.#networks.get(interfaceId!)?.domains.get(pvd);
      if (domain?.option?.sequence === sequence) continue;
      this.#records.delete(key);
      differs = true;
    }
    if (differs && this.#kept.replace([...this.#records.values()], now)) this.#context.onChange();
  }

  #fetch(interfaceId: string, { id, sequence }: Wish, domain: FetchableDomain): void {
    const url = `https://${id}/.well-known/pvd`;
    this.#requests.begin(keyOf(interfaceId, id), domain, { url, type: mediaType, exactName: true }, (outcome) => {
      this.#take(interfaceId, { id, sequence }, outcome);
      this.#context.onChange();
    });
  }

  #take(interfaceId: string, { id, sequence }: Omit<Wish, 'delay'>, outcome: FetchOutcome): void {
    const key = keyOf(interfaceId, id);
    const network = this.#networks.get(interfaceId);
    if (network === undefined) return;
    const now = this.#context.now();
    const { schedule, domains } = network;
    const note = (why: string) => this.#requests.note(key, `${id}: ${why}`);
    if (outcome.kind === 'unreachable') {
      note(outcome.why);
      schedule.unreached(id, now);
      return;
    }
    const read = outcome.kind === 'body' ? readInformation(outcome.body, id, this.#wallNow()) : outcome.why;
    if (typeof read === 'string') {
      note(read);
      schedule.failed(id);
      return;
    }
    // With the next sequence number it may name them (PVD-72).
    if (!isCovering(read.prefixes, domains.get(id)?.prefixes ?? [])) {
      note('its prefixes are not those that routers advertise');
      return;
    }
    this.#requests.note(key, undefined);
    this.#keep(interfaceId, { id, sequence }, read, now);
    schedule.succeeded(id, this.#records.get(key)!.until, now);
  }

  #keep(interfaceId: string, { id, sequence }: Omit<Wish, 'delay'>, information: Information, now: number): void {
    const { object, expires, prefixes, dnsZones, noInternet } = information;
    const until = now + Math.min(longestKeptMs, expires - this.#wallNow());
    this.#records.set(keyOf(interfaceId, id), {
      type: 'information',
      origin: this.origin,
      key: id,
      interfaceId,
      pvd: id,
      sequence,
      until,
      object,
      prefixes,
      dnsZones,
      noInternet,
    });
    this.#kept.replace([...this.#records.values()], now);
  }
}

function keyOf(interfaceId: string, id: string): string {
  return `${interfaceId} ${id}`;
}
