// SPDX-License-Identifier: MIT
// Generated from native/contract/contract.json by generate.mjs. Do not edit.
#pragma once

#include <cstdint>

namespace mif::base {

// Stable error codes; nameOf gives the word that the user sees.
enum class ErrorCode : std::uint32_t {
  kInvalidArg,  // An argument or option has a wrong type or value.
  kUnsupported,  // This system cannot do it.
  kNativeMissing,  // No native library for this platform was found.
  kBindingMismatch,  // The native library was built from another version than the JavaScript.
  kPermission,  // The kernel refused for lack of privilege.
  kNamespaceNotFound,  // No network namespace of that name, path or process.
  kClosed,  // The host, session or socket was closed.
  kKernel,  // A system call failed.
  kInterfaceNotFound,  // No interface of that name, index or id.
  kInterfaceDown,  // The interface is administratively down.
  kNoCarrier,  // The interface has no carrier.
  kNoAddress,  // There is no usable address of that family there.
  kNoRoute,  // No route leads there.
  kNoPath,  // No network satisfies the request.
  kBindUnsupported,  // Sockets cannot be bound to an interface here.
  kBindFailed,  // The socket could not be bound as asked, so it was closed.
  kLoopback,  // A socket bound to an interface cannot reach a loopback address.
  kScopeRequired,  // A link-local address needs an interface.
  kConnectFailed,  // No attempt to connect succeeded.
  kPathLost,  // The interface that a socket was bound to went away.
  kDnsNoServers,  // The provisioning domain has no name server.
  kDnsTimeout,  // No name server of the domain answered in time.
  kDnsRcode,  // A name server answered with an error.
  kUnknownId,  // Nothing is known by that id.
  kDuplicateId,  // The id is still in use by this subscriber.
  kQueueFull,  // Too many requests are outstanding.
  kQueueBusy,  // The messages of this session are being read in another way.
};

// The user-visible name of a code, such as "ERR_MIF_CLOSED".
constexpr const char* nameOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArg:
      return "ERR_MIF_INVALID_ARG";
    case ErrorCode::kUnsupported:
      return "ERR_MIF_UNSUPPORTED";
    case ErrorCode::kNativeMissing:
      return "ERR_MIF_NATIVE_MISSING";
    case ErrorCode::kBindingMismatch:
      return "ERR_MIF_BINDING_MISMATCH";
    case ErrorCode::kPermission:
      return "ERR_MIF_PERMISSION";
    case ErrorCode::kNamespaceNotFound:
      return "ERR_MIF_NAMESPACE_NOT_FOUND";
    case ErrorCode::kClosed:
      return "ERR_MIF_CLOSED";
    case ErrorCode::kKernel:
      return "ERR_MIF_KERNEL";
    case ErrorCode::kInterfaceNotFound:
      return "ERR_MIF_INTERFACE_NOT_FOUND";
    case ErrorCode::kInterfaceDown:
      return "ERR_MIF_INTERFACE_DOWN";
    case ErrorCode::kNoCarrier:
      return "ERR_MIF_NO_CARRIER";
    case ErrorCode::kNoAddress:
      return "ERR_MIF_NO_ADDRESS";
    case ErrorCode::kNoRoute:
      return "ERR_MIF_NO_ROUTE";
    case ErrorCode::kNoPath:
      return "ERR_MIF_NO_PATH";
    case ErrorCode::kBindUnsupported:
      return "ERR_MIF_BIND_UNSUPPORTED";
    case ErrorCode::kBindFailed:
      return "ERR_MIF_BIND_FAILED";
    case ErrorCode::kLoopback:
      return "ERR_MIF_LOOPBACK";
    case ErrorCode::kScopeRequired:
      return "ERR_MIF_SCOPE_REQUIRED";
    case ErrorCode::kConnectFailed:
      return "ERR_MIF_CONNECT_FAILED";
    case ErrorCode::kPathLost:
      return "ERR_MIF_PATH_LOST";
    case ErrorCode::kDnsNoServers:
      return "ERR_MIF_DNS_NO_SERVERS";
    case ErrorCode::kDnsTimeout:
      return "ERR_MIF_DNS_TIMEOUT";
    case ErrorCode::kDnsRcode:
      return "ERR_MIF_DNS_RCODE";
    case ErrorCode::kUnknownId:
      return "ERR_MIF_UNKNOWN_ID";
    case ErrorCode::kDuplicateId:
      return "ERR_MIF_DUPLICATE_ID";
    case ErrorCode::kQueueFull:
      return "ERR_MIF_QUEUE_FULL";
    case ErrorCode::kQueueBusy:
      return "ERR_MIF_QUEUE_BUSY";
  }
  return "ERR_MIF_KERNEL";
}

}  // namespace mif::base
