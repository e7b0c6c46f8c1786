// SPDX-License-Identifier: MIT
// resolve(): a name in one network, by all that knows names there: the literal itself, names of this host, the hosts file, the
// name servers of the domain (DNS-25). Never by the system, whose resolver asks whomever it likes (SEC-23).

import { formatIpAddress, isLinkLocal, parseIpAddress } from '../address/ip-address.ts';
import { isMifError, MifError } from '../binding/mif-error.ts';
import { accessOf, type Host } from '../host/host.ts';
import type { Via } from '../via/carrier.ts';
import { usableAddresses } from '../via/facts.ts';
import { HostsFile } from './hosts-file.ts';
import { type DomainName, isBelow, readName } from './name.ts';
import { synthesize } from './nat64.ts';
import { type DnsRecord, isRecordType, type RecordType } from './record.ts';
import type { Resolution } from './resolution.ts';
import { contextOf, type ResolverContext } from './resolver-context.ts';
import { candidateNames } from './search-list.ts';
import { isLocalhost, isNowhere, isOfLink, reverseName } from './special-name.ts';
import type { Answer, StubResolver } from './stub-resolver.ts';

export interface ResolveOptions {
  /** In which network; nobody else is asked. Default: the domain with the best default route. */
  via?: Via | undefined;
  /** Whom to ask instead of the servers of the domain: addresses, with or without port. */
  servers?: readonly string[] | undefined;
  /** What to append to relative names instead of the domain's own. */
  searchDomains?: readonly string[] | undefined;
  /** Names with fewer dots are relative. Default 1. */
  ndots?: number | undefined;
  /** Gives up after this long, milliseconds. Default: when servers had 5000 for each name that was tried. */
  timeout?: number | undefined;
  /** Gives up. The call fails with its reason, and no socket is left. */
  signal?: AbortSignal | undefined;
}

const optionNames: ReadonlySet<string> = new Set<keyof ResolveOptions>([
  'via',
  'servers',
  'searchDomains',
  'ndots',
  'timeout',
  'signal',
]);

/** What addresses are asked for; both at once. */
const bothFamilies: readonly RecordType[] = ['AAAA', 'A'];

/**
 * Resolves a name over one network.
 * @param type - of the records. Default: addresses of both families, in the order in which to try them.
 * @throws MifError ERR_MIF_INVALID_ARG; of `via` as findCarrier; ERR_MIF_DNS_NO_SERVERS, ERR_MIF_DNS_TIMEOUT, ERR_MIF_DNS_RCODE, with
 * `rcode` NXDOMAIN where there is no such name; ERR_MIF_UNSUPPORTED for names that are asked of the link; the signal's reason
 */
export function resolve(
  host: Host,
  text: string,
  type: RecordType | undefined,
  options: ResolveOptions = {},
): Promise<Resolution> {
  try {
    checkOptions(type, options);
    options.signal?.throwIfAborted();
    if (!opened.has(host)) return openFirst(host, text, type, options);
    const context = contextOf(host, options);
    const known = recent(context, text, type, options);
    if (known !== undefined) return Promise.resolve(known);
    return options.timeout === undefined
      ? resolveIn(host, context, text, type, options)
      : within(options.timeout, context, text, options.signal, (signal) =>
          resolveIn(host, context, text, type, { ...options, signal }),
        );
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Who has no more patience leaves; others may wait on for the same answer. */
async function within(
  timeoutMs: number,
  context: ResolverContext,
  text: string,
  signal: AbortSignal | undefined,
  start: (signal: AbortSignal) => Promise<Resolution>,
): Promise<Resolution> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    const message = `cannot resolve ${text}: no answer within ${timeoutMs} ms`;
    limit.abort(new MifError('ERR_MIF_DNS_TIMEOUT', message, whoOf(context)));
  }, timeoutMs);
  try {
    return await start(signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/** Hosts whose domains have been told of their servers. */
const opened = new WeakSet<Host>();

/** Who tells of name servers is opened when somebody first wants one. */
async function openFirst(
  host: Host,
  text: string,
  type: RecordType | undefined,
  options: ResolveOptions,
): Promise<Resolution> {
  await accessOf(host).openSources();
  opened.add(host);
  return resolve(host, text, type, options);
}

async function resolveIn(
  host: Host,
  context: ResolverContext,
  text: string,
  type: RecordType | undefined,
  options: ResolveOptions,
): Promise<Resolution> {
  const literal = typeof text === 'string' ? parseIpAddress(text) : undefined;
  if (literal !== undefined && type !== 'PTR') {
    const isAsked = type === undefined || type === (literal.family === 4 ? 'A' : 'AAAA');
    const addresses = isAsked ? [formatIpAddress(literal)] : [];
    return local(context, 'literal', text, type === undefined ? reachable(context, addresses) : addresses);
  }
  const name = literal === undefined ? readName(text) : { name: reverseName(literal), isAbsolute: true };
  const own = ownAddresses(host, name.name);
  if (own !== undefined && (type === undefined || type === 'A' || type === 'AAAA')) {
    const addresses = own.addresses.filter(
      (address) => type === undefined || address.includes(':') === (type === 'AAAA'),
    );
    return local(context, own.origin, name.name, addresses);
  }
  if (isNowhere(name.name) || isLocalhost(name.name)) throw noSuchName(context, name.name);
  if (isOfLink(name.name)) {
    throw new MifError('ERR_MIF_UNSUPPORTED', `cannot resolve ${name.name}: multicast DNS is not supported here`, {
      hint: 'Names below .local are asked of everybody on the link, and of no name server.',
    });
  }
  return askFor(host, context, name, type, options);
}

/** Addresses of names of this host, which nobody is asked for. */
function ownAddresses(
  host: Host,
  name: string,
): { origin: 'localhost' | 'hosts'; addresses: readonly string[] } | undefined {
  if (isLocalhost(name)) return { origin: 'localhost', addresses: ['::1', '127.0.0.1'] };
  // Of another namespace it says nothing.
  if (host.netns !== undefined) return undefined;
  const addresses = hostsFile.addressesOf(name);
  return addresses === undefined ? undefined : { origin: 'hosts', addresses };
}

const hostsFile = new HostsFile('/etc/hosts');

async function askFor(
  host: Host,
  context: ResolverContext,
  name: DomainName,
  type: RecordType | undefined,
  options: ResolveOptions,
): Promise<Resolution> {
  const { resolver, onlyZones, path } = context;
  if (resolver instanceof MifError) throw resolver;
  const { signal, ndots = 1 } = options;
  const search = options.searchDomains?.map((domain) => readName(domain).name) ?? context.searchDomains;
  const names = candidateNames(name, { searchDomains: search, ndots });
  // What its servers are not for, they must not even hear of (DNS-43).
  const allowed =
    onlyZones === undefined ? names : names.filter((each) => onlyZones.some((zone) => isBelow(each, zone)));
  if (allowed.length === 0) {
    const why = `the servers of ${path.pvd ?? path.interface} are for ${onlyZones!.join(', ')} only`;
    throw new MifError('ERR_MIF_DNS_NO_SERVERS', `cannot resolve ${name.name}: ${why}`, { ...whoOf(context) });
  }
  let empty: Found | undefined;
  for (const candidate of allowed) {
    const found = await ask(resolver, candidate, type, signal);
    if (found.records.length > 0) return keep(context, name, type, options, finish(host, context, type, found), found);
    if (found.exists) empty ??= found;
  }
  if (empty === undefined) throw noSuchName(context, name.name);
  return finish(host, context, type, empty);
}

interface Found extends Omit<Answer, 'size'> {}

async function ask(
  resolver: StubResolver,
  name: string,
  type: RecordType | undefined,
  signal: AbortSignal | undefined,
): Promise<Found> {
  if (type !== undefined) return resolver.query(name, type, signal);
  const outcomes = await Promise.allSettled(bothFamilies.map((each) => resolver.query(name, each, signal)));
  const answers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const good = answers.filter(({ records }) => records.length > 0);
  const [failed] = outcomes.filter((outcome) => outcome.status === 'rejected');
  // One family is better than none; that there is nothing, only both can say.
  if (failed !== undefined && good.length === 0) throw failed.reason;
  const [first] = good.length > 0 ? good : answers;
  return {
    exists: answers.every(({ exists }) => exists),
    name: first!.name,
    server: first!.server,
    aliases: first!.aliases,
    records: good.flatMap(({ records }) => records),
    // Of a family that failed nothing is known, so it is asked for again.
    expires: failed === undefined ? Math.min(...answers.map(({ expires }) => expires)) : 0,
  };
}

function finish(host: Host, context: ResolverContext, type: RecordType | undefined, found: Found): Resolution {
  const { name, server, aliases, records } = found;
  const addresses = addressesOf(records, context.path.interface);
  return Object.freeze({
    name,
    addresses: type === undefined ? inOrder(host, context, reachable(context, addresses)) : addresses,
    records: [...aliases, ...records],
    server,
    origin: 'dns',
    pvd: context.path.pvd,
    path: context.path,
  } as const);
}

function addressesOf(records: readonly DnsRecord[], link: string): string[] {
  const addresses = new Set<string>();
  for (const { type, data } of records) {
    if (type === 'A') addresses.add(data);
    else if (type === 'AAAA') addresses.add(isLinkLocal(data) ? `${data}%${link}` : data);
  }
  return [...addresses];
}

/** In a domain that has a translator and no IPv4, IPv4 addresses are what the translator makes of them (HE-22). */
function reachable({ carrier }: ResolverContext, addresses: string[]): string[] {
  const prefix = carrier.pvd?.nat64Prefix;
  if (prefix === undefined || usableAddresses(carrier).some(({ family }) => family === 4)) return addresses;
  return [...new Set(addresses.map((address) => synthesize(prefix, address) ?? address))];
}

/** As RFC 6724 has it for this network (SAS-29). */
function inOrder(host: Host, { via }: ResolverContext, addresses: string[]): string[] {
  if (addresses.length < 2) return addresses;
  try {
    return host.sortDestinations(addresses, { via }).map(({ address }) => address);
  } catch (error) {
    // A host without all routes cannot tell which is better; nor can anybody for what is no destination.
    if (isMifError(error, 'ERR_MIF_UNSUPPORTED') || isMifError(error, 'ERR_MIF_INVALID_ARG')) return addresses;
    throw error;
  }
}

function local(
  { path }: ResolverContext,
  origin: Resolution['origin'],
  name: string,
  addresses: readonly string[],
): Resolution {
  return Object.freeze({ name, addresses, records: [], server: null, origin, pvd: path.pvd, path });
}

function noSuchName(context: ResolverContext, name: string): MifError {
  return new MifError('ERR_MIF_DNS_RCODE', `cannot resolve ${name}: there is no such name (NXDOMAIN)`, {
    rcode: 'NXDOMAIN',
    ...whoOf(context),
  });
}

function whoOf({ path }: ResolverContext): { interface: string; pvd: string | undefined } {
  return { interface: path.interface, pvd: path.pvd };
}

interface Remembered {
  readonly resolution: Resolution;
  readonly expires: number;
  readonly now: () => number;
}

const mostRemembered = 1_024;
/** Ready resolutions, as long as neither the host nor the answers have changed. */
const remembered = new WeakMap<ResolverContext, Map<string, Remembered>>();

function recent(
  context: ResolverContext,
  text: string,
  type: RecordType | undefined,
  { searchDomains, ndots }: ResolveOptions,
): Resolution | undefined {
  if (searchDomains !== undefined || ndots !== undefined) return undefined;
  const found = remembered.get(context)?.get(type === undefined ? text : `${text} ${type}`);
  return found !== undefined && found.expires > found.now() ? found.resolution : undefined;
}

function keep(
  context: ResolverContext,
  { name, isAbsolute }: DomainName,
  type: RecordType | undefined,
  { searchDomains, ndots }: ResolveOptions,
  resolution: Resolution,
  { expires }: Found,
): Resolution {
  if (searchDomains !== undefined || ndots !== undefined || context.resolver instanceof MifError) return resolution;
  let all = remembered.get(context);
  if (all === undefined || all.size >= mostRemembered) {
    all = new Map();
    remembered.set(context, all);
  }
  const text = isAbsolute ? `${name}.` : name;
  const { now } = context.resolver;
  all.set(type === undefined ? text : `${text} ${type}`, { resolution, expires, now });
  return resolution;
}

function checkOptions(type: unknown, options: ResolveOptions): void {
  if (type !== undefined && !isRecordType(type)) {
    throw new MifError(
      'ERR_MIF_INVALID_ARG',
      `cannot resolve: ${JSON.stringify(type)} is no type of records that can be asked for`,
    );
  }
  for (const name in options) {
    if (!optionNames.has(name)) throw new MifError('ERR_MIF_INVALID_ARG', `option ${name}: there is none of that name`);
  }
  const { ndots, timeout, searchDomains } = options;
  if (ndots !== undefined && !(Number.isInteger(ndots) && ndots >= 0 && ndots <= 15)) {
    throw new MifError('ERR_MIF_INVALID_ARG', `option ndots: ${String(ndots)} is not a whole number from 0 to 15`);
  }
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout > 0 && timeout <= 2 ** 31 - 1)) {
    throw new MifError('ERR_MIF_INVALID_ARG', `option timeout: ${String(timeout)} is not a number of milliseconds`);
  }
  if (searchDomains !== undefined && !Array.isArray(searchDomains)) {
    throw new MifError('ERR_MIF_INVALID_ARG', 'option searchDomains: it is not a list of domains');
  }
}
