// SPDX-License-Identifier: MIT
// Agents of node:http and node:https whose connections are held to a path. Node keeps connections by host and port, whatever
// interface they are held to; here the path is part of the name of a pool.

import type { Agent as HttpAgent, ClientRequest } from 'node:http';
import type { Agent as HttpsAgent, AgentOptions as HttpsAgentOptions } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { MifError } from '../binding/mif-error.ts';
import type { Host } from '../host/host.ts';
import { dropUnsent } from '../socket/unsent-data.ts';
import type { Via } from '../via/carrier.ts';
import { type ChosenPath, PathChoice } from './chosen-path.ts';
import { type Dialled, dial } from './dial.ts';
import { type PathLostPolicy, PathWatch } from './path-watch.ts';

/** Options of https.Agent, but for those that say how to connect; connections are kept alive by default. */
export interface AgentOptions extends Omit<HttpsAgentOptions, 'localAddress' | 'socket' | 'host' | 'port' | 'path'> {
  /** Who carries the connections; nothing else ever does. Looked at anew for each. */
  via: Via;
  /** What becomes of connections whose path is lost. Default `destroy`. */
  onPathLost?: PathLostPolicy | undefined;
  /** Resolves names, as of dns.lookup; its order is kept. Default: the servers of `via`. */
  lookup?: LookupFunction | undefined;
}

export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** @throws MifError ERR_MIF_INVALID_ARG */
export function createAgent(host: Host, { via, onPathLost, lookup, ...options }: AgentOptions): Agents {
  const paths: AgentPaths = {
    host,
    choice: new PathChoice(host, via),
    watch: new PathWatch(host),
    policy: onPathLost ?? 'destroy',
    lookup,
  };
  // Not imports: who only looks at networks does not load Node's HTTP.
  const { Agent: Http } = process.getBuiltinModule('node:http');
  const { Agent: Https } = process.getBuiltinModule('node:https');
  const all = { keepAlive: true, ...options };
  return {
    http: new (pathAgent(Http as unknown as AgentClass, paths, plain))(all),
    https: new (pathAgent(Https as unknown as AgentClass, paths, secured))(all) as unknown as HttpsAgent,
  };
}

/** What the two agents of one call share. */
interface AgentPaths {
  readonly host: Host;
  readonly choice: PathChoice;
  readonly watch: PathWatch;
  readonly policy: PathLostPolicy;
  readonly lookup: LookupFunction | undefined;
}

/** The path of a request, where Node carries it along: in its options. */
const chosen = Symbol('path');
/** Ends an attempt, when the request is given up or the agent is destroyed. */
const aborter = Symbol('aborter');

interface RequestOptions {
  [chosen]?: ChosenPath | MifError | undefined;
  [aborter]?: AbortController | undefined;
  host?: string | null;
  hostname?: string | null;
  port?: number | string | null;
  family?: number;
  lookup?: LookupFunction | undefined;
  timeout?: number;
  socketPath?: string;
  defaultPort?: number | string;
}

type Created = (error: Error | null, socket?: Duplex) => void;

/** The methods that Node's agents call on themselves, and that agents of others override too. */
interface AgentInside extends Omit<HttpAgent, 'createConnection' | 'getName' | 'keepSocketAlive'> {
  totalSocketCount: number;
  readonly sockets: NodeJS.Dict<Socket[]>;
  readonly requests: NodeJS.Dict<ClientRequest[]>;
  addRequest(request: ClientRequest, options: RequestOptions | string, port?: number, localAddress?: string): void;
  createSocket(request: ClientRequest, options: RequestOptions, callback: Created): void;
  removeSocket(socket: Socket, options: RequestOptions): void;
  createConnection(options: RequestOptions & { socket?: Socket }, callback?: Created): Duplex | undefined;
  getName(options?: RequestOptions): string;
  keepSocketAlive(socket: Socket): boolean;
}

type AgentClass = new (options: object) => AgentInside;

/** What an agent makes of a bound connection. */
type Finish = (socket: Socket, createTls: (socket: Socket) => Duplex) => Socket;

const plain: Finish = (socket) => socket;
const secured: Finish = (socket, createTls) => createTls(socket) as Socket;

/** Stands among an agent's sockets for a connection that is under way: what agents do with sockets there is to end them. */
class Place {
  readonly writable = true;
  readonly #attempt: AbortController;

  constructor(attempt: AbortController) {
    this.#attempt = attempt;
  }

  destroy(): this {
    this.#attempt.abort(new Error('the agent was destroyed'));
    return this;
  }
}

function pathAgent(Base: AgentClass, paths: AgentPaths, finish: Finish): new (options: object) => HttpAgent {
  const { host, choice, watch, policy, lookup } = paths;
  class PathAgent extends Base {
    /** In use, and not to be kept. */
    readonly #lost = new WeakSet<Socket>();

    override addRequest(request: ClientRequest, given: RequestOptions | string, port?: number): void {
      const options: RequestOptions = typeof given === 'string' ? { host: given, ...(port ? { port } : {}) } : given;
      super.addRequest(request, { ...options, [chosen]: pathNow(choice) });
    }

    override getName(options: RequestOptions = {}): string {
      const path = options[chosen];
      return `${super.getName(options)}:${path === undefined || path instanceof Error ? '' : path.key}`;
    }

    override createSocket(request: ClientRequest, options: RequestOptions, callback: Created): void {
      // A request that waited for a place may find that its path is not the one any more.
      if (this.#isQueued(request, options) && !isSame(options[chosen], pathNow(choice))) {
        this.#unqueue(request, options);
        this.addRequest(request, options);
        return;
      }
      const attempt = new AbortController();
      const withdraw = onGivenUp(request, (reason) => attempt.abort(reason));
      super.createSocket(request, { ...options, [aborter]: attempt }, (error, socket) => {
        withdraw();
        if (error) this.#unqueue(request, options);
        callback(error, socket);
      });
    }

    override createConnection(options: RequestOptions, callback: Created): undefined {
      const { [aborter]: attempt = new AbortController() } = options;
      const { signal } = attempt;
      // Node counts connections that there are; those under way need a place too.
      const place = new Place(attempt);
      const name = this.getName(options);
      this.sockets[name] ??= [];
      this.sockets[name].push(place as unknown as Socket);
      this.totalSocketCount++;
      const fail = (error: Error) => {
        callback(error);
        this.totalSocketCount--;
        // Gives the place to the next that waits for one.
        this.removeSocket(place as unknown as Socket, options);
      };
      const succeed = ({ socket, carrier }: Dialled) => {
        const source = socket.localAddress;
        let finished: Socket;
        try {
          signal.throwIfAborted();
          finished = finish(socket, (raw) => super.createConnection({ ...options, socket: raw })!);
        } catch (error) {
          socket.destroy();
          fail(error as Error);
          return;
        }
        watch.add(finished, carrier, source, (error) => {
          // What ended with its interface tells TLS why; ended itself as well, TLS would close without a reason.
          if (socket.destroyed) return;
          if (policy === 'destroy') dropUnsent(socket);
          this.#onLost(finished, error);
        });
        this.#vacate(place, name);
        callback(null, finished);
      };
      this.#dial(options, signal).then(succeed, fail);
    }

    override keepSocketAlive(socket: Socket): boolean {
      return !this.#lost.has(socket) && super.keepSocketAlive(socket);
    }

    async #dial(options: RequestOptions, signal: AbortSignal): Promise<Dialled> {
      if (options.socketPath) {
        throw new MifError('ERR_MIF_INVALID_ARG', `option socketPath: ${options.socketPath} is on no network`);
      }
      // Of a request that had no path: it may have one by now, but then its name is wrong.
      const path = options[chosen] ?? pathNow(choice);
      if (path instanceof Error) throw path;
      return dial(host, {
        hostname: options.host ?? options.hostname ?? 'localhost',
        port: Number(options.port ?? options.defaultPort),
        family: options.family,
        path,
        // As of Node's agents: a request may bring its own.
        lookup: options.lookup ?? lookup,
        signal,
        timeout: options.timeout,
      });
    }

    #vacate(place: Place, name: string): void {
      const places = this.sockets[name];
      const at = places?.indexOf(place as unknown as Socket) ?? -1;
      if (places === undefined || at < 0) return;
      places.splice(at, 1);
      if (places.length === 0) delete this.sockets[name];
      this.totalSocketCount--;
    }

    #onLost(socket: Socket, error: MifError): void {
      this.#lost.add(socket);
      const isIdle = Object.values(this.freeSockets).some((free) => free?.includes(socket));
      if (policy === 'destroy') socket.destroy(error);
      else if (isIdle) socket.destroy();
    }

    #isQueued(request: ClientRequest, options: RequestOptions): boolean {
      return this.requests[this.getName(options)]?.includes(request) ?? false;
    }

    /** One that has failed, or waits elsewhere, must not be found again by those that look for work. */
    #unqueue(request: ClientRequest, options: RequestOptions): void {
      const name = this.getName(options);
      const left = this.requests[name]?.filter((each) => each !== request) ?? [];
      if (left.length > 0) (this.requests as NodeJS.Dict<ClientRequest[]>)[name] = left;
      else delete this.requests[name];
    }
  }
  return PathAgent as unknown as new (
    options: object,
  ) => HttpAgent;
}

/** An error is the request's, not of whoever makes the request: it is told when a connection is needed. */
function pathNow(choice: PathChoice): ChosenPath | MifError {
  try {
    return choice.now();
  } catch (error) {
    return error as MifError;
  }
}

function isSame(one: ChosenPath | MifError | undefined, other: ChosenPath | MifError): boolean {
  return one !== undefined && 'key' in one && 'key' in other && one.key === other.key;
}

/** Node tells nobody that a request was given up before it had a socket. */
function onGivenUp(request: ClientRequest, giveUp: (reason: Error) => void): () => void {
  const { destroy } = request;
  request.destroy = function (error) {
    const result = destroy.call(this, error);
    giveUp(error ?? hangUp());
    return result;
  };
  return () => {
    request.destroy = destroy;
  };
}

/** As Node tells it. */
function hangUp(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}
