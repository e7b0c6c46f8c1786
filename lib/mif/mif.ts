// SPDX-License-Identifier: MIT
// Composition: the calls of the package as users make them. Gives each the host that it works on, the default one where
// none is named, and connects rooms that do not know each other. No behaviour of its own.

import type { Socket as DatagramSocket } from 'node:dgram';
import type { LookupFunction, Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type AgentOptions as AgentOwnOptions, type Agents, createAgent as createAgentOn } from '../adapter/agent.ts';
import {
  createDispatcher as createDispatcherOn,
  type Dispatcher,
  type DispatcherOptions as DispatcherOwnOptions,
} from '../adapter/dispatcher.ts';
import { createLookup as createLookupOn, type LookupRequest } from '../adapter/lookup.ts';
import type { ScopeOptions as ScopeOwnOptions } from '../adapter/entered-scope.ts';
import { enterScope as enterScopeOn, scopeNow, scope as scopeOn } from '../adapter/scope.ts';
import { connectTls, type TlsOptions } from '../adapter/tls.ts';
import { connectByName } from '../dns/connect-by-name.ts';
import type { RecordType } from '../dns/record.ts';
import type { Resolution } from '../dns/resolution.ts';
import { type ResolveOptions as ResolveOwnOptions, resolve as resolveOn } from '../dns/resolve.ts';
import { defaultHost, defaultHostNow } from '../host/default-host.ts';
import type { Host } from '../host/host.ts';
import { type OnChangeOptions as OnChangeOwnOptions, onStatusChange, type Status, statusOf } from '../host/status.ts';
import {
  type MifSession,
  openSession as openSessionOver,
  type SessionOptions as SessionOwnOptions,
} from '../session/session.ts';
import {
  type BoundSocket,
  type BoundSocketOptions as BoundSocketOwnOptions,
  createBoundSocket as createBoundSocketOn,
} from '../socket/bound-socket.ts';
import { type ConnectOptions as ConnectOwnOptions, connect as connectOn } from '../socket/connect.ts';
import {
  createUdpSocket as createUdpSocketOn,
  type UdpSocketOptions as UdpSocketOwnOptions,
} from '../socket/create-udp-socket.ts';
import { type ConnectTarget, type NamedTarget, namedTarget } from '../socket/endpoint.ts';
import { type ListenOptions as ListenOwnOptions, listen as listenOn } from '../socket/listen.ts';
import type { UdpSocket } from '../socket/udp-socket.ts';
import type { Via } from '../via/carrier.ts';
import { sessionNetwork } from './session-network.ts';

export type { Host } from '../host/host.ts';
export type { HostOptions, InformationOptions } from '../host/open-host.ts';
export { openHost } from './open-host.ts';
export type { MifSession } from '../session/session.ts';

/** On which host a call works. */
export interface OnHost {
  /** Default: the program's own namespace, by a host that never keeps the program alive. */
  host?: Host | undefined;
}

export interface SessionOptions extends SessionOwnOptions, OnHost {}
export interface ConnectOptions extends ConnectOwnOptions, OnHost {
  /** Makes it a TLS connection: `true`, or options of tls.connect. The name to expect is `servername`. */
  tls?: boolean | TlsOptions | undefined;
}
export interface BoundSocketOptions extends BoundSocketOwnOptions, OnHost {}
export interface ListenOptions extends ListenOwnOptions, OnHost {}
export interface UdpSocketOptions extends UdpSocketOwnOptions, OnHost {}
export interface AgentOptions extends AgentOwnOptions, OnHost {}
export interface DispatcherOptions extends DispatcherOwnOptions, OnHost {}
export interface ResolveOptions extends ResolveOwnOptions, OnHost {}
export interface LookupOptions extends LookupRequest, OnHost {}
export interface OnChangeOptions extends OnChangeOwnOptions, OnHost {}
export interface ScopeOptions extends ScopeOwnOptions, OnHost {}

/**
 * A summary of the present: `{ online, metered, captivePortal, preferredPath, capabilities }`.
 * @throws as statusOf of lib/host; as openHost, where no host is given
 */
export function status({ host }: OnHost = {}): Status {
  return statusOf(host ?? defaultHostNow());
}

/**
 * Calls a function with each summary that differs from the one before, once things have settled. Keeps the program alive until it
 * is ended, by the returned function or by `signal`.
 * @throws as onStatusChange of lib/host; as openHost, where no host is given
 */
export function onChange(tell: (status: Status) => void, { host, ...options }: OnChangeOptions = {}): () => void {
  return onStatusChange(host ?? defaultHostNow(), tell, options);
}

/**
 * Opens a MIF session: POST, CHECK and GET MESSAGE (draft-ietf-mif-api-extension-05 section 3.2.6).
 * @throws MifError ERR_MIF_INVALID_ARG; as openHost, where none is given
 */
export async function openSession({ host, ...options }: SessionOptions = {}): Promise<MifSession> {
  return openSessionOver(sessionNetwork(host ?? (await defaultHost())), options);
}

/**
 * Connects to an address or name over one interface or provisioning domain, and no other: `connect('192.0.2.1:80', { via: 'eth0' })`.
 * A name is asked of the name servers of that network; its addresses are tried in turn, best first.
 * @throws as connect of lib/socket; with `tls` what TLS says; as openHost, where none is given
 */
export function connect(
  target: ConnectTarget,
  options: ConnectOptions & { tls: true | TlsOptions },
): Promise<TLSSocket>;
export function connect(target: ConnectTarget, options?: ConnectOptions): Promise<Socket>;
export function connect(target: ConnectTarget, given: ConnectOptions = {}): Promise<Socket> {
  const options = inScope(given);
  const { host } = options;
  return host === undefined
    ? defaultHost().then((found) => connectAny(found, target, options))
    : connectAny(host, target, options);
}

function connectAny(host: Host, target: ConnectTarget, options: ConnectOptions): Promise<Socket> {
  const { tls } = options;
  return tls === undefined || tls === false
    ? connectPlain(host, target, options)
    : connectTls(host, target, { ...options, tls });
}

function connectPlain(host: Host, target: ConnectTarget, options: ConnectOptions): Promise<Socket> {
  let named: NamedTarget | undefined;
  try {
    named = namedTarget(target);
  } catch (error) {
    return Promise.reject(error);
  }
  return named === undefined ? connectOn(host, target, options) : connectByName(host, named, options);
}

/**
 * Resolves a name over one interface or provisioning domain, asking its own name servers and nobody else:
 * `resolve('example.com', { via: 'eth0' })`, `resolve('example.com', 'MX', { via: 'eth0' })`.
 * @throws as resolve of lib/dns; as openHost, where no host is given
 */
export function resolve(name: string, options?: ResolveOptions): Promise<Resolution>;
export function resolve(name: string, type: RecordType | undefined, options?: ResolveOptions): Promise<Resolution>;
export function resolve(
  name: string,
  typeOrOptions?: RecordType | ResolveOptions,
  givenOptions?: ResolveOptions,
): Promise<Resolution> {
  const isType = typeof typeOrOptions === 'string';
  const { host, ...options } = inScope(givenOptions ?? (isType ? {} : (typeOrOptions ?? {})));
  const type = isType ? typeOrOptions : undefined;
  return host === undefined
    ? defaultHost().then((found) => resolveOn(found, name, type, options))
    : resolveOn(host, name, type, options);
}

/** What names no network means that of the scope which it is asked in (PVD-36). */
function inScope<T extends { host?: Host; via?: Via | undefined }>(options: T): T {
  const entered = options.via === undefined ? scopeNow() : undefined;
  return entered === undefined ? options : { host: entered.host, ...options, via: entered.via };
}

/**
 * Makes a socket held to an interface or provisioning domain, as a descriptor for other libraries. Without a host the
 * first call blocks until the default one is open, mostly a few milliseconds.
 * @throws as createBoundSocket of lib/socket; as openHost, where none is given
 */
export function createBoundSocket({ host, ...options }: BoundSocketOptions): BoundSocket {
  return createBoundSocketOn(host ?? defaultHostNow(), options);
}

/**
 * Makes a bound UDP socket that is held to an interface or provisioning domain: `createUdpSocket({ type: 'udp4', via: 'eth0' })`.
 * Node's own, or with `packetInfo: true` one that tells where each datagram arrived and lets each leave from where it should.
 * @throws as createUdpSocket of lib/socket; as openHost, where none is given
 */
export function createUdpSocket(options: UdpSocketOptions & { packetInfo: true }): Promise<UdpSocket>;
export function createUdpSocket(
  options: UdpSocketOptions & { packetInfo?: false | undefined },
): Promise<DatagramSocket>;
export async function createUdpSocket(given: UdpSocketOptions): Promise<DatagramSocket | UdpSocket> {
  const { host, ...options } = inScope(given);
  options.signal?.throwIfAborted();
  return createUdpSocketOn(host ?? (await defaultHost()), options);
}

/**
 * Makes a server that listens on an interface or provisioning domain, and no other: `listen({ port: 80, via: 'eth0' })`.
 * @throws as listen of lib/socket; as openHost, where none is given
 */
export async function listen({ host, ...options }: ListenOptions): Promise<Server> {
  options.signal?.throwIfAborted();
  return listenOn(host ?? (await defaultHost()), options);
}

/**
 * Agents of node:http and node:https that connect over `via` and nothing else: `http.get(url, { agent: agents.http })`. Without a
 * host the first call blocks as that of createBoundSocket does.
 * @throws as createAgent of lib/adapter; as openHost, where none is given
 */
export function createAgent({ host, ...options }: AgentOptions): Agents {
  return createAgentOn(host ?? defaultHostNow(), options);
}

/**
 * A dispatcher of undici that connects over `via` and nothing else: `fetch(url, { dispatcher })`.
 * @throws as createDispatcher of lib/adapter; as openHost, where none is given
 */
export function createDispatcher({ host, ...options }: DispatcherOptions): Dispatcher {
  return createDispatcherOn(host ?? defaultHostNow(), options);
}

/**
 * A function in the form of dns.lookup whose addresses are in the order in which `via` reaches them best. The name servers of
 * `via` are asked, over `via`; without one the system resolves the name, over whatever network it likes.
 * @throws as openHost, where no host is given
 */
export function createLookup({ host, ...options }: LookupOptions = {}): LookupFunction {
  return createLookupOn(host ?? defaultHostNow(), options);
}

/**
 * Runs a function, and holds to `via` every TCP and UDP socket that it and what it starts open, in any library; what cannot be
 * held fails and sends nothing. Changes Node's sockets, agents and fetch from the first call on, outside of scopes to no effect.
 * @throws what the function throws; MifError ERR_MIF_INVALID_ARG; as openHost, where none is given
 */
export function scope<T>({ host, ...options }: ScopeOptions, run: () => T): T {
  return scopeOn(host ?? defaultHostNow(), options, run);
}

/**
 * Makes the rest of this program a scope, what was begun before included. There is no way back.
 * @throws as scope
 */
export function enterScope({ host, ...options }: ScopeOptions): void {
  enterScopeOn(host ?? defaultHostNow(), options);
}
