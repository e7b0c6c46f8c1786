// SPDX-License-Identifier: MIT
// listen(): a server of Node's that is held to a path. Of an interface it is reached by all addresses that it has, whatever they
// are at the time; of a provisioning domain by those of the domain (docs/adr/0016).

import type { Server, Socket } from 'node:net';
import { isLinkLocal, isUnspecified, parseIpAddress } from '../address/ip-address.ts';
import { isMifError, MifError } from '../binding/mif-error.ts';
import { accessOf, type Host } from '../host/host.ts';
import { checkNames } from '../selection/question.ts';
import { shown } from '../selection/shown.ts';
import type { Carrier, Via } from '../via/carrier.ts';
import { type Bound, bindDescriptor } from './bind.ts';
import { holdPath } from './path-hold.ts';
import type { SocketOptions } from './socket-options.ts';

export interface ListenOptions extends Omit<SocketOptions, 'preferences'> {
  /** 0 to 65535; 0 lets the kernel choose. */
  port: number;
  /** By which interface or domain it is reached; by nothing else ever. Absent: as the system has it. */
  via?: Via | undefined;
  /** IP address to listen on, without zone. Default: every one of both families. */
  address?: string | undefined;
  /** Connections that may wait to be accepted. Default: as of net.Server. */
  backlog?: number | undefined;
  /** As of net.Server. Default false. */
  allowHalfOpen?: boolean | undefined;
  /** Gives the call up, and closes the server afterwards. */
  signal?: AbortSignal | undefined;
}

const optionNames: ReadonlySet<string> = new Set<keyof ListenOptions>([
  'port',
  'via',
  'address',
  'backlog',
  'allowHalfOpen',
  'signal',
  'mark',
  'dscp',
  'keepAlive',
  'reuseAddress',
  'reusePort',
  'ipv6Only',
]);

const highestPort = 65_535;
const mostBacklog = 2 ** 31 - 1;

/**
 * Makes a server that listens. When its interface ends, so does it, with an `error` event, ERR_MIF_PATH_LOST, and so does each
 * connection that it has accepted.
 * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_UNSUPPORTED for a host name; as createBoundSocket; the signal's reason
 */
export async function listen(host: Host, options: ListenOptions): Promise<Server> {
  // A misspelt `via` would be a server that everybody reaches.
  checkNames(options, optionNames);
  const { port, backlog, allowHalfOpen = false, signal, via, address, ...rest } = options;
  checkNumber('port', port, 0, highestPort);
  if (backlog !== undefined) checkNumber('backlog', backlog, 1, mostBacklog);
  signal?.throwIfAborted();
  const bound = bind(host, { ...rest, via, address, port });
  const server = bound.descriptor.pass(
    (fd) => start(fd, { backlog, allowHalfOpen, admits: admission(host, bound.carrier) }),
    endServer,
  );
  return listening(server, signal);
}

interface Asked extends SocketOptions {
  readonly via: Via | undefined;
  readonly address: string | undefined;
  readonly port: number;
}

function bind(host: Host, { address, port, ...rest }: Asked): Bound {
  const asked = { ...rest, type: 'stream', sourcePort: port } as const;
  const isServer = { isServer: true };
  if (address !== undefined) {
    const family = familyOf(address);
    const source = isUnspecified(address) ? {} : { source: address };
    return bindDescriptor(host, { ...asked, ...source, family }, isServer);
  }
  const ipv6Only = rest.ipv6Only ?? false;
  try {
    return bindDescriptor(host, { ...asked, family: 6, ipv6Only }, isServer);
  } catch (error) {
    // As net.Server does on a system without IPv6.
    if (ipv6Only || !isMifError(error) || error.errno !== addressFamilyUnsupported) throw error;
    const { ipv6Only: _, ...ofIpv4 } = asked;
    return bindDescriptor(host, { ...ofIpv4, family: 4 }, isServer);
  }
}

const addressFamilyUnsupported = 97; // EAFNOSUPPORT of Linux.

function familyOf(address: unknown): 4 | 6 {
  const parsed = typeof address === 'string' ? parseIpAddress(address) : undefined;
  if (parsed !== undefined && parsed.zone === undefined) return parsed.family;
  if (parsed === undefined && typeof address === 'string' && /^[^\s/:@%[\]]+$/.test(address)) {
    throw new MifError('ERR_MIF_UNSUPPORTED', `cannot listen on ${address}: names are not resolved in this version`);
  }
  throw new MifError('ERR_MIF_INVALID_ARG', `option address: ${shown(address)} is not an IP address without zone`);
}

/** Whether a connection may be told of. */
type Admission = (socket: Socket) => boolean;

/** The kernel hands its device on to each connection, so they are held, and ended, as the server is. */
function admission(host: Host, carrier: Carrier | undefined): Admission | undefined {
  if (carrier === undefined) return undefined;
  const { interface: link, pvd, sources } = carrier;
  return (socket) => {
    const local = plainAddress(socket.localAddress);
    if (sources?.includes(local) === false) return false;
    if (host.closed) return pvd === undefined;
    if (pvd !== undefined && !isAddressOf(host, pvd.id, local)) return false;
    const hold = holdPath(host, link, pvd?.id);
    hold.pass(socket, (owner, error) => owner.destroy(error));
    return hold.error === undefined;
  };
}

/** Whether a domain has an address at this moment. */
function isAddressOf(host: Host, id: string, address: string): boolean {
  const pvd = accessOf(host)
    .snapshot()
    .pvds.find((present) => present.id === id);
  return pvd !== undefined && (isLinkLocal(address) || pvd.addresses.some((own) => own.address === address));
}

/** Without the zone and without the form that IPv4 has on a socket of both families. */
function plainAddress(local = ''): string {
  const [address = ''] = local.replace(/^::ffff:(?=\d+\.)/, '').split('%');
  return address;
}

interface ServerParts {
  readonly backlog: number | undefined;
  readonly allowHalfOpen: boolean;
  readonly admits: Admission | undefined;
}

function start(fd: number, { backlog, allowHalfOpen, admits }: ServerParts): Server {
  const { Server, Socket } = process.getBuiltinModule('node:net');
  class PathServer extends Server {
    override emit(event: string | symbol, ...args: unknown[]): boolean {
      if (event === 'connection' && admits !== undefined && !admits(args[0] as Socket)) {
        (args[0] as Socket).resetAndDestroy();
        return false;
      }
      return super.emit(event, ...args);
    }
  }
  const server = new PathServer({ allowHalfOpen });
  // By its handle: of a bare number, a cluster's primary would look among its own descriptors (trap 6).
  const options = { fd, manualStart: true };
  server.listen(new Socket(options), backlog);
  return server;
}

function endServer(server: Server, error: MifError): void {
  // It is closing already, and was told.
  if (!server.listening) return;
  server.close();
  process.nextTick(() => server.emit('error', error));
}

/** Node tells a little later that it listens, or why not. */
function listening(server: Server, signal: AbortSignal | undefined): Promise<Server> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      if (server.listening) server.close();
      finish(() => reject(signal?.reason));
    };
    const finish = (settle: () => void) => {
      server.removeListener('listening', onListening);
      server.removeListener('error', onError);
      settle();
    };
    const onListening = () => finish(() => resolve(server));
    const onError = (error: Error) => finish(() => reject(error));
    server.once('listening', onListening);
    server.once('error', onError);
    signal?.addEventListener('abort', onAbort, { once: true });
    server.once('close', () => signal?.removeEventListener('abort', onAbort));
  });
}

function checkNumber(name: string, value: unknown, least: number, most: number): void {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return;
  throw new MifError('ERR_MIF_INVALID_ARG', `option ${name}: ${shown(value)} is not a number from ${least} to ${most}`);
}
