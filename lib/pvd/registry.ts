// SPDX-License-Identifier: MIT
// Provisioning domains through time: drafts of one moment after another become domains with identities, handles and
// reasons for their end (PVD-18, PVD-24, PVD-27, MIF-26, MIF-27). Knows no source and no clock: time comes with each
// call, and `nextDeadline` says when to call again though nothing was heard.

import type { Interface } from '../snapshot/change.ts';
import { type DomainIdentity, type DomainState, nextState } from './domain-state.ts';
import { addressKey, type DomainDraft, isUsable } from './draft.ts';
import type { PvdEndReason } from './provisioning-domain.ts';
import { type Association, matchByProvider, pairOff, retainOrphans } from './succession.ts';
import { shareHandles, WholeStates } from './trusted-identity.ts';

/** Domains outlive a loss of carrier by this long, milliseconds (PVD-18). */
export const carrierGraceMs = 5_000;

// An address that is gone this close to the end of its lifetime, milliseconds, has expired: the kernel is up to half
// a second early or late (trap C7), and lifetimes are whole seconds.
const expiryToleranceMs = 1_500;

// Reasons and names are remembered for this many domains that ended, so that a change merged from many tells them too and
// a provider that comes back gets its name back. Bounds what forged routers can cost.
const rememberedEnds = 1_024;

export interface RegistryOptions {
  /** Makes a handle that was never used before (PVD-27). */
  readonly nextHandle: () => string;
}

export class PvdRegistry {
  readonly #nextHandle: () => string;
  /** By interface id, oldest first. */
  readonly #associations = new Map<string, readonly Association[]>();
  readonly #liveIds = new Set<string>();
  readonly #endReasons = new Map<string, PvdEndReason>();
  /** Id by interface id, interface name and provider. */
  readonly #names = new Map<string, string>();
  readonly #whole = new WholeStates();
  #states: readonly DomainState[] | undefined;

  constructor({ nextHandle }: RegistryOptions) {
    this.#nextHandle = nextHandle;
  }

  /** The present domains, by interface and age. The same array as long as none changed. */
  get states(): readonly DomainState[] {
    this.#states ??= this.#whole.of([...this.#associations.values()].flat());
    return this.#states;
  }

  /** When `expire` has something to do, on the clock of the `now` arguments. */
  get nextDeadline(): number | undefined {
    let next: number | undefined;
    for (const associations of this.#associations.values()) {
      for (const { carrierLostAt } of associations) {
        if (carrierLostAt === undefined) continue;
        const deadline = carrierLostAt + carrierGraceMs;
        if (next === undefined || deadline < next) next = deadline;
      }
    }
    return next;
  }

  /** Why a domain ended; the most recent ones only. */
  endReason(handle: string): PvdEndReason | undefined {
    return this.#endReasons.get(handle);
  }

  /** Ends what has been without carrier for too long (PVD-18). */
  expire(now: number): void {
    for (const [interfaceId, associations] of this.#associations) {
      const over = associations.filter(
        ({ carrierLostAt }) => carrierLostAt !== undefined && carrierLostAt + carrierGraceMs <= now,
      );
      if (over.length === 0) continue;
      for (const { identity } of over) this.#end(identity, 'interface-down');
      this.#keep(
        interfaceId,
        associations.filter((association) => !over.includes(association)),
      );
    }
  }

  /**
   * Takes what is now known of one interface.
   * @param interfaceId - `if:<index>.<generation>`.
   * @param link - the interface; absent when it is gone.
   * @param drafts - its domains at this moment, in the order in which new ones are to be listed.
   * @param now - milliseconds on the clock of the lifetimes in the drafts.
   */
  update(interfaceId: string, link: Interface | undefined, drafts: readonly DomainDraft[], now: number): void {
    const before = this.#associations.get(interfaceId) ?? [];
    if (link === undefined || !link.adminUp) {
      const reason = link === undefined ? 'interface-gone' : 'interface-down';
      for (const { identity } of before) this.#end(identity, reason);
      this.#keep(interfaceId, []);
      if (link === undefined) this.#forgetNames(interfaceId);
      if (before.some(hasName)) this.#shareHandles();
      return;
    }
    const paired = pairOff(before, drafts);
    const isContinued = paired?.every(isConfigured) ?? false;
    if (isContinued) this.#continue(before, link, paired!);
    const after = isContinued ? before : this.#reconcile(before, link, drafts, now);
    for (const association of after) {
      association.carrierLostAt = link.running ? undefined : (association.carrierLostAt ?? now);
    }
    this.#keep(interfaceId, after);
    if (after.some(hasName) || before.some(hasName)) this.#shareHandles();
  }

  /** What policy trusts is one domain on all its interfaces (PVD-08). */
  #shareHandles(): void {
    const changes = shareHandles([...this.#associations.values()].flat(), this.#nextHandle);
    if (changes.length > 0) this.#states = undefined;
    for (const { ended } of changes) remember(this.#endReasons, ended, 'superseded');
  }

  /** Gives each domain its next state: none ends and none begins. */
  #continue(associations: readonly Association[], link: Interface, drafts: readonly DomainDraft[]): void {
    for (let at = 0; at < associations.length; ++at) {
      const association = associations[at]!;
      const { interfaceName, providers } = association.state;
      this.#advance(association, link, drafts[at]!, providers);
      if (interfaceName !== link.name) this.#rememberNames(association.identity, link, providers);
    }
  }

  #advance(association: Association, link: Interface, draft: DomainDraft, providers: readonly string[]): void {
    const state = nextState(association.identity, link, draft, providers, association.state);
    if (state === association.state) return;
    this.#states = undefined;
    association.state = state;
  }

  #reconcile(
    before: readonly Association[],
    link: Interface,
    drafts: readonly DomainDraft[],
    now: number,
  ): Association[] {
    const matches = matchByProvider(before, drafts);
    const unclaimed = retainOrphans(before, drafts, matches);
    const after: Association[] = [];
    const ending: { association: Association; draft: DomainDraft | undefined }[] = [];
    for (const association of before) {
      const draft = matches.get(association);
      if (draft === undefined || !isConfigured(draft)) {
        ending.push({ association, draft });
        continue;
      }
      const known = association.state.providers;
      const providers = [
        ...known.filter((provider) => draft.providers.includes(provider)),
        ...draft.providers.filter((provider) => !known.includes(provider)),
      ];
      this.#advance(association, link, draft, providers);
      this.#rememberNames(association.identity, link, providers);
      after.push(association);
    }
    // Names are free before new domains ask for them; reasons need to see what took over.
    for (const { association } of ending) this.#liveIds.delete(association.identity.id);
    // No carrier, no new domain: what is still configured there has not been confirmed (PVD-18).
    if (link.running) {
      for (const draft of unclaimed) if (isConfigured(draft)) after.push(this.#begin(link, draft));
    }
    for (const { association, draft } of ending) {
      remember(this.#endReasons, association.identity.handle, reasonOfEnd(association.state, draft, after, now));
    }
    return after;
  }

  #begin(link: Interface, draft: DomainDraft): Association {
    const identity: DomainIdentity = {
      handle: this.#nextHandle(),
      id: this.#freeId(link, draft),
      kind: draft.kind,
      name: draft.name,
      interfaceId: link.id,
    };
    // Equal names are told apart by their handles (PVD-26).
    if (draft.name === undefined) this.#liveIds.add(identity.id);
    this.#rememberNames(identity, link, draft.providers);
    return {
      identity,
      namedBy: draft.providers[0]!,
      state: nextState(identity, link, draft, draft.providers, undefined),
      carrierLostAt: undefined,
    };
  }

  #end({ id, handle }: DomainIdentity, reason: PvdEndReason): void {
    this.#liveIds.delete(id);
    remember(this.#endReasons, handle, reason);
  }

  #keep(interfaceId: string, after: readonly Association[]): void {
    const before = this.#associations.get(interfaceId) ?? [];
    if (before === after && after.length > 0) return;
    if (before.length !== after.length || before.some((association, at) => association !== after[at])) {
      this.#states = undefined;
    }
    if (after.length > 0) this.#associations.set(interfaceId, after);
    else this.#associations.delete(interfaceId);
  }

  /**
   * `<interface>/<provider>`: the id under which one of the providers was known here before, else that of the first.
   * A renamed interface leaves its old name in the ids of its domains, where a new one of that name may meet it.
   */
  #freeId(link: Interface, draft: DomainDraft): string {
    if (draft.name !== undefined) return draft.name;
    const plain = `${link.name}/${draft.providers[0]!}`;
    const known = draft.providers.map((provider) => this.#names.get(nameKey(link, provider)));
    const free = [...known, plain].find((id) => id !== undefined && !this.#liveIds.has(id));
    if (free !== undefined) return free;
    for (let count = 2; ; ++count) if (!this.#liveIds.has(`${plain}~${count}`)) return `${plain}~${count}`;
  }

  #rememberNames({ id, name }: DomainIdentity, link: Interface, providers: readonly string[]): void {
    if (name !== undefined) return;
    for (const provider of providers) remember(this.#names, nameKey(link, provider), id);
  }

  #forgetNames(interfaceId: string): void {
    for (const key of this.#names.keys()) if (key.startsWith(`${interfaceId} `)) this.#names.delete(key);
  }
}

/** Whether a domain is one (MIF-26): with an address that is usable, or named by an accepted option or by a policy. */
function isConfigured({ kind, members, told }: DomainDraft): boolean {
  if (told?.hidden === true) return false;
  return kind === 'explicit' || kind === 'policy' || members.some(({ record }) => isUsable(record.state));
}

function hasName({ identity }: Association): boolean {
  return identity.name !== undefined;
}

function reasonOfEnd(
  ended: DomainState,
  draft: DomainDraft | undefined,
  after: readonly Association[],
  now: number,
): PvdEndReason {
  if (draft?.told?.hidden === true || ended.kind === 'policy') return 'policy';
  if (ended.kind === 'explicit') {
    // Its addresses live on in another domain; whether its word was taken back or ran out is what matters.
    const lastEnd = ended.told?.lastEnd ?? Number.POSITIVE_INFINITY;
    return lastEnd <= now + expiryToleranceMs ? 'expired' : 'withdrawn';
  }
  const addresses = new Set(ended.members.map(({ record }) => addressKey(record.address)));
  const isContinued = after.some(
    ({ state }) =>
      state.providers.some((provider) => ended.providers.includes(provider)) ||
      state.members.some(({ record }) => addresses.has(addressKey(record.address))),
  );
  if (isContinued) return 'superseded';
  const isExpired = ended.members.every(
    ({ record: { validUntil } }) => validUntil !== null && validUntil <= now + expiryToleranceMs,
  );
  return isExpired ? 'expired' : 'withdrawn';
}

function nameKey(link: Interface, provider: string): string {
  return `${link.id} ${link.name} ${provider}`;
}

function remember<V>(memory: Map<string, V>, key: string, value: V): void {
  memory.delete(key);
  memory.set(key, value);
  if (memory.size > rememberedEnds) memory.delete(memory.keys().next().value!);
}
