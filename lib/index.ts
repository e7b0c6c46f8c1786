// SPDX-License-Identifier: MIT
// What users may import. Nothing inside imports it.

export type { Agents } from './adapter/agent.ts';
export type { Dispatcher } from './adapter/dispatcher.ts';
export type { PathLostPolicy } from './adapter/path-watch.ts';
export type { TlsOptions } from './adapter/tls.ts';
export type { UndiciModule } from './adapter/undici-class.ts';
export type {
  Address,
  AddressFlag,
  AddressOrigin,
  AddressScope,
  ChangeCause,
  GroupMember,
  HardwareType,
  Hop,
  InterfaceFlag,
  InterfaceSettings,
  Ipv4Settings,
  Ipv6Settings,
  MetricValue,
  MifErrorCode,
  Neighbour,
  NeighbourFlag,
  NeighbourState,
  Nexthop,
  NexthopFlag,
  OperState,
  ReversePathFilter,
  Route,
  RouteFinding,
  RouteMetric,
  RouteProtocol,
  RouterPreference,
  RouteType,
  Rule,
  RuleAction,
  RuleFinding,
  RuleFlag,
  SelectionDoubt,
} from './binding/contract.gen.ts';
export { type AttemptReport, isMifError, MifError, type MifErrorDetails } from './binding/mif-error.ts';
export type { DnsRecord, RecordType, ServerLocation, ServiceBinding, ServiceParameters } from './dns/record.ts';
export type { Resolution } from './dns/resolution.ts';
export type { Host, HostCapabilities, HostEvents, HostStats } from './host/host.ts';
export type { HostOptions, InformationOptions } from './host/open-host.ts';
export { openHost } from './mif/open-host.ts';
export type { SortOptions } from './host/destination-sort.ts';
export type { ConnectWish, HintProvider, HostHints, InterfaceUse } from './host/hints.ts';
export type { IntentAnnouncement } from './host/intents.ts';
export type { SelectManyOptions } from './host/select-many.ts';
export type { ExplainOptions, SelectOptions } from './host/select-question.ts';
export type { Status } from './host/status.ts';
export type { WhenOptions } from './host/when.ts';
export {
  type AgentOptions,
  type BoundSocketOptions,
  type ConnectOptions,
  connect,
  createAgent,
  createBoundSocket,
  createUdpSocket,
  type ListenOptions,
  listen,
  type OnChangeOptions,
  onChange,
  createDispatcher,
  createLookup,
  type DispatcherOptions,
  enterScope,
  type LookupOptions,
  openSession,
  type ResolveOptions,
  resolve,
  type ScopeOptions,
  status,
  type SessionOptions,
  type UdpSocketOptions,
  scope,
} from './mif/mif.ts';
export type { IntentReason } from './pvd/interface-intent.ts';
export type { Granularity } from './pvd/granularity.ts';
export type {
  AddressState,
  AdvertisedPrefix,
  AdvertisedRoute,
  CaptivePortal,
  ConfigurationElement,
  DnsServer,
  ElementType,
  Nat64Prefix,
  ProvisioningDomain,
  PvdAddress,
  PvdDns,
  PvdEndReason,
  PvdItem,
  PvdRouter,
} from './pvd/provisioning-domain.ts';
export type { RecordOrigin } from './pvd/record.ts';
export type { SourceChoice, SourceReport } from './source/source-choice.ts';
export type { PvdPolicy } from './source/told.ts';
export type { SortedDestination } from './selection/destination-order.ts';
export type { FirstHop } from './selection/first-hop.ts';
export type { Candidate } from './selection/candidate.ts';
export type { ExplainedRoute, ExplainedRule, Explanation } from './selection/explanation.ts';
export type { Path } from './selection/path.ts';
export { defaultPolicy, type PolicyRow } from './selection/policy.ts';
export type { SourcePreferences } from './selection/source-preferences.ts';
export type { PathTable } from './selection/path-table.ts';
export type * from './session/configuration-value.ts';
export type * from './session/message.ts';
export type { TakeOptions } from './session/network.ts';
export type { ReadySet } from './session/ready-set.ts';
export type * from './session/request.ts';
export type { CheckOptions, MifSession } from './session/session.ts';
export type {
  HostChange,
  HostChangeCause,
  Interface,
  Noun,
  RecordOf,
  RouteFilter,
  RouteTable,
  Snapshot,
  Table,
} from './snapshot/change.ts';
export type { RouteDetail } from './snapshot/snapshot.ts';
export type { BoundSocket } from './socket/bound-socket.ts';
export type { ConnectSystemError } from './socket/connect-error.ts';
export type { ConnectTarget } from './socket/endpoint.ts';
export type { DatagramSystemError } from './socket/datagram-error.ts';
export type { UdpDestination } from './socket/departure.ts';
export type { UdpMessageInfo, UdpSocket, UdpSocketEvents } from './socket/udp-socket.ts';
export { pathOf, type SocketPath } from './socket/socket-path.ts';
export type { Endable } from './socket/path-hold.ts';
export type { KeepAlive, SocketOptions } from './socket/socket-options.ts';
export type { Via, ViaItem } from './via/carrier.ts';
export type { ViaChoice } from './via/choice.ts';
export type { HeldPath, LocalPath } from './via/local-path.ts';
export type { ViaProperties, ViaRequirements, ViaSelector } from './via/selector.ts';
