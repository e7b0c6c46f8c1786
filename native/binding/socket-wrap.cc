// SPDX-License-Identifier: MIT
#include "binding/socket-wrap.h"

#include "binding/from-js.h"
#include "binding/js-error.h"
#include "binding/to-js.h"

namespace mif::binding {

namespace {

constexpr Range kPorts = {0, 0xffff};
// The kernel keeps indexes as positive int.
constexpr Range kIndexes = {0, 0x7fffffff};
// What the kernel takes (MAX_TCP_KEEPIDLE, MAX_TCP_KEEPCNT).
constexpr Range kKeepAliveSeconds = {1, 32767};
constexpr Range kKeepAliveProbes = {1, 127};

socket::SocketOptions readSocketOptions(Options& options) {
  socket::SocketOptions asked;
  asked.mark = options.integer("mark");
  if (const auto trafficClass = options.integer("trafficClass", {0, 0xff})) {
    asked.trafficClass = static_cast<std::uint8_t>(*trafficClass);
  }
  if (const auto isOn = options.boolean("keepAlive")) {
    asked.keepAlive = socket::KeepAlive{
        *isOn,
        options.integer("keepAliveIdle", kKeepAliveSeconds),
        options.integer("keepAliveInterval", kKeepAliveSeconds),
        options.integer("keepAliveProbes", kKeepAliveProbes),
    };
  }
  asked.reuseAddress = options.boolean("reuseAddress");
  asked.reusePort = options.boolean("reusePort").value_or(false);
  asked.ipv6Only = options.boolean("ipv6Only").value_or(true);
  asked.addressPreferences = options.integer("addressPreferences").value_or(0);
  return asked;
}

socket::BindRequest readBind(Options& options) {
  socket::BindRequest request;
  const std::uint32_t family = options.requiredInteger("family", {4, 6});
  if (family == 5) options.reject("family", "4 or 6");
  request.family = static_cast<std::uint8_t>(family);
  const std::string type = options.requiredWord("type", {"stream", "datagram", "multipath"});
  if (type == "datagram") request.type = socket::SocketType::kDatagram;
  if (type == "multipath") request.type = socket::SocketType::kMultipathStream;
  request.interfaceIndex = options.requiredInteger("interfaceIndex", kIndexes);
  request.interfaceName = options.text("interfaceName").value_or("");
  request.source = options.address("source", request.family);
  request.sourcePort = static_cast<std::uint16_t>(options.integer("sourcePort", kPorts).value_or(0));
  request.options = readSocketOptions(options);
  return request;
}

}  // namespace

std::optional<socket::BindRequest> readBindRequest(napi_env env, napi_value value) {
  Options options(env, value, "request");
  socket::BindRequest request = readBind(options);
  if (options.hasFailed()) return std::nullopt;
  return request;
}

std::optional<monitor::ConnectRequest> readConnectRequest(napi_env env, napi_value value) {
  Options options(env, value, "request");
  monitor::ConnectRequest request;
  request.bind = readBind(options);
  request.destination = options.requiredAddress("destination", request.bind.family);
  request.port = static_cast<std::uint16_t>(options.requiredInteger("port", {1, kPorts.most}));
  if (options.hasFailed()) return std::nullopt;
  return request;
}

napi_value give(napi_env env, base::Result<socket::BoundSocket> created) {
  if (!created) {
    throwError(env, created.error());
    return nullptr;
  }
  socket::BoundSocket bound = created.take();
  Fields fields(env);
  fields.number("fd", bound.fd.get());
  fields.number("interfaceIndex", bound.interfaceIndex);
  if (fields.get() != nullptr) (void)bound.fd.release();
  return fields.get();
}

}  // namespace mif::binding
