// SPDX-License-Identifier: MIT
// A dispatcher for fetch and undici whose connections are held to a path. Each path has an agent of its own inside, so that
// no connection is used again after `via` has come to mean another network.

import { setMaxListeners } from 'node:events';
import type { LookupFunction, Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { MifError } from '../binding/mif-error.ts';
import type { Host } from '../host/host.ts';
import { dropUnsent } from '../socket/unsent-data.ts';
import type { Via } from '../via/carrier.ts';
import { type ChosenPath, PathChoice } from './chosen-path.ts';
import { dial } from './dial.ts';
import { type PathLostPolicy, PathWatch } from './path-watch.ts';
import { secure } from './tls.ts';
import { agentClassOf, type Done, type UndiciAgent, type UndiciAgentClass, type UndiciModule } from './undici-class.ts';

export interface DispatcherOptions {
  /** Who carries the connections; nothing else ever does. Looked at anew for each request. */
  via: Via;
  /** The module undici, for its own fetch and request. Default: that of the runtime, for the global fetch. */
  undici?: UndiciModule | undefined;
  /** What becomes of connections whose path is lost. Default `destroy`. */
  onPathLost?: PathLostPolicy | undefined;
  /** Resolves names, as of dns.lookup; its order is kept. Default: the servers of `via`. */
  lookup?: LookupFunction | undefined;
  /** Options of tls.connect. HTTP/2 is offered only where `agent.allowH2` asks for it. */
  tls?: Omit<ConnectionOptions, 'socket' | 'host' | 'port' | 'path'> | undefined;
  /** Further options of undici's Agent, such as `keepAliveTimeout`. */
  agent?: Readonly<Record<string, unknown>> | undefined;
}

/** As `dispatcher` of the global fetch wants it, where its types are known. */
type FetchDispatcher = RequestInit extends { dispatcher?: infer D } ? NonNullable<D> : object;

export type Dispatcher = FetchDispatcher & {
  /** Resolves when the requests under way are done. */
  close(): Promise<void>;
  /** Ends everything at once. */
  destroy(error?: Error | null): Promise<void>;
};

/** @throws MifError ERR_MIF_UNSUPPORTED where the runtime hides its undici, ERR_MIF_INVALID_ARG */
export function createDispatcher(host: Host, options: DispatcherOptions): Dispatcher {
  const { via, undici, lookup, agent = {} } = options;
  for (const name of ['connect', 'factory']) {
    if (name in agent) throw new MifError('ERR_MIF_INVALID_ARG', `option agent.${name}: it would lead past the path`);
  }
  const Agent = agentClassOf(undici);
  const paths: DispatcherPaths = {
    host,
    choice: new PathChoice(host, via),
    watch: new PathWatch(host),
    lookup,
    options,
  };
  return new (pathDispatcher(Agent, paths))({}) as unknown as Dispatcher;
}

interface DispatcherPaths {
  readonly host: Host;
  readonly choice: PathChoice;
  readonly watch: PathWatch;
  readonly lookup: LookupFunction | undefined;
  readonly options: DispatcherOptions;
}

/** The agent inside of one path. */
interface PathAgent {
  readonly key: string;
  readonly agent: UndiciAgent;
  /** Ends its attempts to connect. */
  readonly giveUp: AbortController;
}

/** What undici tells its connector. */
interface Connect {
  readonly hostname: string;
  readonly port?: string | number | undefined;
  readonly protocol: string;
  readonly servername?: string | undefined;
}

type Connected = (error: Error | null, socket: Socket | null) => void;

/** How long a connection may take; undici's own limit is part of its own connector. */
const connectTimeoutMs = 10_000;
const rememberedSessions = 100;

function pathDispatcher(Agent: UndiciAgentClass, paths: DispatcherPaths): UndiciAgentClass {
  /** An Agent only by its face: undici and fetch ask for one. The work is done by those inside. */
  return class PathDispatcher extends Agent {
    #current: PathAgent | undefined;
    /** Of earlier paths; each ends with its last request. */
    readonly #retired = new Set<PathAgent>();
    #isEnded = false;

    override dispatch(options: unknown, handler: unknown): boolean {
      if (this.#isEnded) return super.dispatch(options, handler);
      return this.#agentNow().dispatch(options, handler);
    }

    /** With a function it is undici itself that asks, for the part above. */
    override close(done?: Done): Promise<void> {
      if (done !== undefined) return super.close(done);
      return Promise.all(this.#end().map(({ agent }) => agent.close())).then(() => super.close());
    }

    override destroy(error: Error | Done | null = null, done?: Done): Promise<void> {
      if (done !== undefined || typeof error === 'function') return super.destroy(error, done);
      const inside = this.#end().map(({ agent, giveUp }) => {
        giveUp.abort(error ?? new Error('the dispatcher was destroyed'));
        return agent.destroy(error);
      });
      return Promise.all(inside).then(() => super.destroy(error));
    }

    /** Refuses what comes from now on. */
    #end(): PathAgent[] {
      this.#isEnded = true;
      return [...(this.#current === undefined ? [] : [this.#current]), ...this.#retired];
    }

    #agentNow(): UndiciAgent {
      const path = pathNow(paths.choice);
      const key = path instanceof Error ? '' : path.key;
      if (this.#current?.key === key && !(path instanceof Error)) return this.#current.agent;
      this.#retire();
      const giveUp = new AbortController();
      // Any number of connections are under way.
      setMaxListeners(0, giveUp.signal);
      const connect = path instanceof Error ? refusing(path) : new Connector(paths, path, giveUp.signal).connect;
      const agent = new Agent({ ...paths.options.agent, connect });
      this.#current = { key, agent, giveUp };
      return agent;
    }

    #retire(): void {
      const retired = this.#current;
      if (retired === undefined) return;
      this.#retired.add(retired);
      // It fails only when it was destroyed meanwhile, which is an end as well.
      retired.agent.close().then(
        () => this.#retired.delete(retired),
        () => this.#retired.delete(retired),
      );
    }
  } as unknown as UndiciAgentClass;
}

/** An error is the request's, where fetch and undici expect it. */
function pathNow(choice: PathChoice): ChosenPath | Error {
  try {
    return choice.now();
  } catch (error) {
    return error as Error;
  }
}

function refusing(error: Error) {
  return (_: Connect, callback: Connected) => queueMicrotask(() => callback(error, null));
}

/** Connects for the agent of one path. */
class Connector {
  readonly #paths: DispatcherPaths;
  readonly #path: ChosenPath;
  readonly #signal: AbortSignal;
  /** TLS sessions by name and port, to be resumed over this path only: over another one they would tell who we are. */
  readonly #sessions = new Map<string, Buffer>();

  constructor(paths: DispatcherPaths, path: ChosenPath, signal: AbortSignal) {
    this.#paths = paths;
    this.#path = path;
    this.#signal = signal;
  }

  readonly connect = (request: Connect, callback: Connected): void => {
    this.#open(request).then(
      (socket) => callback(null, socket),
      (error) => callback(error, null),
    );
  };

  async #open({ hostname, port, protocol, servername }: Connect): Promise<Socket> {
    const { host, watch, lookup, options } = this.#paths;
    const isSecure = protocol === 'https:';
    const target = { hostname, port: Number(port || (isSecure ? 443 : 80)) };
    const { socket, carrier } = await dial(host, {
      ...target,
      path: this.#path,
      lookup,
      signal: this.#signal,
      timeout: connectTimeoutMs,
    });
    socket.setNoDelay(true);
    const source = socket.localAddress;
    const finished = isSecure ? await this.#secure(socket, target, servername) : socket;
    watch.add(finished, carrier, source, (error) => {
      // To drain needs nothing: the agent of this path is not asked any more, and ends with its last request. What ended with its
      // interface tells TLS why; ended itself as well, TLS would close without a reason.
      if (options.onPathLost === 'drain' || socket.destroyed) return;
      dropUnsent(socket);
      finished.destroy(error);
    });
    return finished;
  }

  async #secure(socket: Socket, target: { hostname: string; port: number }, servername?: string): Promise<TLSSocket> {
    const { options } = this.#paths;
    const name = `${servername ?? target.hostname}:${target.port}`;
    const session = this.#sessions.get(name);
    const tls = await secure(
      socket,
      {
        host: target.hostname,
        ALPNProtocols: options.agent?.['allowH2'] === true ? ['h2', 'http/1.1'] : ['http/1.1'],
        ...(servername ? { servername } : {}),
        ...(session ? { session } : {}),
        ...options.tls,
      },
      { signal: this.#signal, timeout: connectTimeoutMs },
    );
    tls.on('session', (fresh) => this.#remember(name, fresh));
    return tls;
  }

  #remember(name: string, session: Buffer): void {
    this.#sessions.delete(name);
    this.#sessions.set(name, session);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > rememberedSessions && oldest !== undefined) this.#sessions.delete(oldest);
  }
}
