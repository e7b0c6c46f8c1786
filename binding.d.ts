// The whole surface of the native library, written by hand. test/contract compares it with the real one.
// Numbers with a name of the contract (kinds, states, operations) are codes of lib/binding/contract.gen.ts.
// Every function throws an error with `code` (ERR_MIF_…), `message` and, where a system call failed,
// `syscall` and `errno`; lib/binding/native.ts turns it into a MifError.

export interface NativeBinding {
  /** Digest of the contract that the library was built from. */
  readonly contractDigest: string;
  /** The present moment on the clock of lifetimes, milliseconds. */
  now(): number;
  /**
   * Observes a network namespace. One monitor per (process, namespace, routes, tables) is shared by all environments; the
   * object is this environment's handle to it. Returns at once; `state()` tells when it is live.
   */
  openMonitor(options: NativeMonitorOptions): NativeMonitor;
  /** As NativeMonitor.createBoundSocket, in the namespace of the calling thread. */
  createBoundSocket(
    family: 4 | 6,
    type: 0 | 1 | 2,
    interfaceIndex: number,
    interfaceName: string,
    source: string | undefined,
    sourcePort: number,
    options?: NativeSocketOptions,
  ): number;
  /**
   * A datagram socket of `createBoundSocket`, which has the descriptor from now on, unless this throws. Keeps the event loop
   * alive while it watches.
   */
  openDatagramSocket(options: NativeDatagramOptions): NativeDatagramSocket;
  /** Index of the interface that a socket is held to, as the kernel says now; 0 for none. */
  heldDevice(fd: number): number;
  /** Closes a descriptor that `createBoundSocket` gave and that nobody adopted. */
  closeDescriptor(fd: number): void;
}

export interface NativeMonitorOptions {
  /** File of the namespace, such as /run/netns/x; absent for the caller's own. */
  namespacePath?: string;
  /** Which routes are mirrored, a RouteDetail code; all of them when absent. */
  routes?: number;
  /** Routing tables that are mirrored, 1 to 2^32 - 1; all when absent or empty. */
  tables?: number[];
  /** Changes are collected for this long before `onWake`, milliseconds; 0 delivers the first at once. */
  settleMs: number;
  /**
   * Called on the environment's loop, once until `snapshot()` has answered it, when state or tables may have changed. What it
   * throws is an uncaught exception.
   */
  onWake: () => void;
}

/**
 * After `close()`, the state is closed, and what cannot be answered any more throws ERR_MIF_CLOSED. An object that is collected
 * is closed before.
 */
export interface NativeMonitor {
  /** A MonitorState code. */
  state(): number;
  /** Why the monitor ended, when it closed by itself. */
  failure(): NativeFailure | undefined;
  /** The latest consistent view; cheap. The same object as long as nothing differs. An empty one before the first dump is complete. */
  snapshot(): NativeSnapshot;
  capabilities(): NativeCapabilities;
  stats(): NativeStats;
  /** Whether this handle keeps the event loop, and itself, alive; it does not at first. */
  hold(alive: boolean): void;
  /** Reads one interface again, by any of its names, which may be new (trap B8). Whether there is one; `snapshot()` has it. */
  lookUpInterface(name: string): boolean;
  /**
   * Something that answers where traffic would go. Questions and answers go through `words`, at least 64 of them, which
   * are the selector's as long as it lives. The first one has the routes found by destination, which takes a fifth of a
   * second for a million of them.
   */
  createSelector(words: Uint32Array): NativeSelector;
  /**
   * A bound socket in the namespace of the monitor, verified by reading it back. The caller owns the descriptor.
   * @param type - 0: a stream; 1: datagrams; 2: a stream that speaks MPTCP where the peer does.
   * @param interfaceIndex - the one to hold it to; 0 for none.
   * @param interfaceName - for error messages.
   * @param source - address without zone; undefined lets the kernel choose.
   * @param sourcePort - 0 lets the kernel choose.
   */
  createBoundSocket(
    family: 4 | 6,
    type: 0 | 1 | 2,
    interfaceIndex: number,
    interfaceName: string,
    source: string | undefined,
    sourcePort: number,
    options?: NativeSocketOptions,
  ): number;
  /** Hears routers in the namespace of the monitor; see NativeRouterListener. */
  openRouterListener(options: NativeRouterListenerOptions): NativeRouterListener;
  /** Ends this handle: no wake follows. Safe twice. */
  close(): void;
}

/**
 * Asks the live tables. The question is at the beginning of `words`: interface index of the bound device, mark, user id,
 * traffic class, protocol, source port, destination port; the source: family (0 for none), four groups; the
 * destination as a number: family (0 when it is told as text), four groups; sources that will do: how many, four groups each;
 * sources that a router advertised: how many, for each its four groups and those of the router.
 * The answer takes its place: which of 512 slots it has, or all ones when the destination is no address; its number, two
 * words, low first. An answer with the same number in the same slot says the same. Word 62 is 1 when some rule
 * asks for the user, word 63 changes when interfaces, addresses or rules have changed.
 */
export interface NativeSelector {
  /** As connect(2) of such a socket would decide, for a destination without zone. */
  select(destination?: string): void;
  /** As the kernel answers when it is asked for a route once, without regard to the source that follows. */
  query(destination: string): void;
  /** As a socket that is held to the interface and to the best of the sources that will do; of any, when none is named. */
  bind(destination: string): void;
  /**
   * As `select`, but the kernel is asked instead of the tables; by a socket of the monitor's, in its namespace, that is opened
   * with the first question. Throws ERR_MIF_UNSUPPORTED where the kernel does not answer for such traffic.
   */
  askConnect(destination: string): void;
  /** As `bind`, likewise: the tables choose the source, the kernel the way. */
  askBind(destination: string): void;
  /** Puts the last answer to one of these where the question was, as a packed Selection; nothing when there is none. */
  readAnswer(): void;
  /**
   * In which order destinations should be tried (RFC 6724 section 6). A question of its own: mark, user id, flags of
   * IPV6_ADDR_PREFERENCES; rows of the policy table: how many, for each an address, its length, precedence (0 to 255),
   * label; carriers: how many, for each its interface index, how many sources will do, the sources, how many a
   * router advertised, each with that router; destinations: how
   * many, for each an address, the index of its zone or 0. An address is its family and four groups. The answer, best
   * first: position in the question, number of the rule that puts it before the next, whether it is reachable,
   * precedence, position of the carrier or all ones, a packed Selection. Word 63 of `words` as ever.
   */
  sort(question: Uint32Array): Uint32Array;
  /**
   * As `select` for many destinations of the family that the question names, packed: packed Selections, and for each
   * destination in `rows` which of them it has. Undefined, and all ones in the first word, when sizes are wrong.
   */
  selectMany(destinations: Uint8Array, rows: Uint32Array): Uint32Array | undefined;
  /** As `bind`, likewise. */
  bindMany(destinations: Uint8Array, rows: Uint32Array): Uint32Array | undefined;
  /** As `select`, and what it looked at: a packed SelectionAccount. Absent when the destination is no address. */
  explain(destination: string): Uint32Array | undefined;
  /** As `bind`, likewise. */
  explainBind(destination: string): Uint32Array | undefined;
}

export interface NativeSnapshot {
  /** Grows with every change of the tables. */
  readonly generation: number;
  /** Grows with every resync. */
  readonly epoch: number;
  /** Whether the tables equalled the kernel's when it was taken. */
  readonly synced: boolean;
  /** Records of a kind (RecordKind), as far as the filter lets them through. */
  size(kind: number, filter?: NativeRouteFilter): number;
  /**
   * At most `limit` packed records from `position` on (0 at first).
   * Words: next position (0xffffffff at the end), count, then the records.
   */
  read(kind: number, position: number, limit: number, filter?: NativeRouteFilter): Uint32Array;
  /**
   * What leads from `earlier` to this one. Words: cause (ChangeCause), count, then for each: kind, operation,
   * the earlier record unless added, the later record unless removed. Removed records come first, children
   * before what they hang on; added and changed ones follow, in the order of the kinds.
   */
  difference(earlier: NativeSnapshot, filter?: NativeRouteFilter): Uint32Array;
}

/** Which routes; everything absent means any. */
export interface NativeRouteFilter {
  family?: number;
  table?: number;
  protocol?: number;
  /** Bit mask over RouteType codes; 0 for any. */
  types?: number;
  /** Destination length, bits: 1 lets default routes and their two halves through, and nothing else. */
  maxPrefixLength?: number;
}

/** What is asked of a socket beside where it is bound. */
export interface NativeSocketOptions {
  /** SO_MARK; needs a privilege. */
  mark?: number;
  /** IPV6_TCLASS, IP_TOS. */
  trafficClass?: number;
  keepAlive?: boolean;
  /** Seconds without traffic before the first probe; these three go with `keepAlive`. */
  keepAliveIdle?: number;
  /** Seconds between probes. */
  keepAliveInterval?: number;
  keepAliveProbes?: number;
  /** Absent: true for streams with a port. */
  reuseAddress?: boolean;
  reusePort?: boolean;
  /** Absent: true. */
  ipv6Only?: boolean;
  /** Flags of IPV6_ADDR_PREFERENCES. */
  addressPreferences?: number;
}

export interface NativeDatagramOptions {
  fd: number;
  family: 4 | 6;
  /** What it is held to; 0 for nothing. */
  interfaceIndex: number;
  /** For error messages. */
  interfaceName?: string;
  /** Bytes kept of a datagram, 1 to 65536. */
  longest: number;
  /** Called on the environment's loop while something is possible that is watched for. What it throws is an uncaught exception. */
  onReady: () => void;
}

/** After `close()` everything else that cannot be answered any more throws ERR_MIF_CLOSED. */
export interface NativeDatagramSocket {
  /** Some of what has arrived; empty when nothing has. Throws what the network said about a datagram sent before. */
  receive(): NativeArrival[];
  /** Sends now. False when the kernel has no room. */
  send(data: Uint8Array, departure: NativeDeparture): boolean;
  /** What `onReady` is called for; nothing at first. */
  watch(isForReading: boolean, isForWriting: boolean): void;
  /** Whether watching keeps the event loop alive; it does at first. */
  hold(alive: boolean): void;
  connect(peer: NativeDeparture): void;
  /** Ends that, and stays held and bound. After an error it may not be: close it. */
  disconnect(): void;
  join(membership: NativeMembership): void;
  leave(membership: NativeMembership): void;
  localName(): { address: string; port: number };
  /** Closes the descriptor. Safe twice. */
  close(): void;
}

export interface NativeArrival {
  data: Buffer;
  /** Bytes of the whole datagram; more than `data` has when it was cut. */
  size: number;
  address: string;
  port: number;
  /** Address that it was sent to. */
  destination: string;
  /** Where it came in. */
  interfaceIndex: number;
}

/** Addresses without zone. Everything absent: as the socket is connected, bound and held. */
export interface NativeDeparture {
  destination?: string;
  port?: number;
  source?: string;
  interfaceIndex?: number;
}

export interface NativeRouterListenerOptions {
  /** Options that the kernel passes on to everybody, or whole advertisements, which takes CAP_NET_RAW. */
  news: 'options' | 'advertisements';
  /** Called on the environment's loop while there is something to receive. What it throws is an uncaught exception. */
  onReady: () => void;
}

/**
 * Never keeps the event loop alive. An object that is collected is closed before. After `close()` everything else throws
 * ERR_MIF_CLOSED.
 */
export interface NativeRouterListener {
  /** Some of what has come, and what was counted since it was opened. */
  receive(): NativeHearing;
  /**
   * Sends a router solicitation. False when it cannot be sent at present, for want of an address or of room. Throws
   * ERR_MIF_UNSUPPORTED where only options are heard.
   */
  solicit(interfaceIndex: number): boolean;
  /** Safe twice. */
  close(): void;
}

export interface NativeHearing {
  news: NativeHeard[];
  /** Dropped because nobody received in time: messages, or so many times at least where the kernel counts none. */
  lost: number;
  /** Not of the kernel. */
  foreign: number;
  /** Cut, or not to be read. */
  malformed: number;
}

export interface NativeHeard {
  /** The ICMPv6 message, or one option of it. */
  data: Buffer;
  /** Sender; empty where the kernel does not say. */
  router: string;
  interfaceIndex: number;
  /** As it arrived; 255 of an option. */
  hopLimit: number;
}

export interface NativeMembership {
  group: string;
  interfaceIndex: number;
}

export interface NativeFailure {
  code: string;
  message: string;
  syscall?: string;
  /** Positive errno. */
  errno?: number;
  kernelMessage?: string;
}

export interface NativeCapabilities {
  tables: boolean;
  rules: boolean;
  nexthops: boolean;
  addressLifetimes: boolean;
  strictChecking: boolean;
  announcesLoss: boolean;
  /** Notifications of routes that nobody observes are dropped by the kernel; false too when there are none. */
  eventFilter: boolean;
  bindToDevice: boolean;
  /** Bytes granted for notifications. */
  receiveBuffer: number;
}

export interface NativeStats {
  generation: number;
  epoch: number;
  /** Dumps of everything after a loss. */
  resyncs: number;
  /** Dumps of some tables after an event that implies silent changes. */
  repairs: number;
  /** Comparisons of one kind of record with the kernel that nothing called for, each minute or more rarely. */
  audits: number;
  /** Records that audits found otherwise than they were known. */
  corrections: number;
  wakes: number;
  /** Notifications about what was not there; some are normal. */
  missed: number;
  datagrams: number;
  messages: number;
  ignored: number;
  malformed: number;
  foreignSender: number;
  overruns: number;
  truncated: number;
  dumps: number;
  unstableDumps: number;
  /** Environments of this process that use the monitor. */
  users: number;
}
