// SPDX-License-Identifier: MIT
#include "binding/socket-wrap.h"

#include <array>
#include <string>

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
// By the numbers that binding.d.ts gives them.
constexpr std::array kTypes = {socket::SocketType::kStream, socket::SocketType::kDatagram,
                               socket::SocketType::kMultipathStream};

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

std::optional<std::uint8_t> readFamily(napi_env env, napi_value value) {
  const auto family = readInteger(env, value, "family", {4, 6});
  if (family != 5u) return family;
  throwInvalid(env, "family", "4 or 6", value);
  return std::nullopt;
}

std::optional<socket::SocketType> readType(napi_env env, napi_value value) {
  const auto type = readInteger(env, value, "type", {0, static_cast<std::uint32_t>(kTypes.size() - 1)});
  if (!type) return std::nullopt;
  return kTypes[*type];
}

// An address of the family, absent when undefined.
bool readSource(napi_env env, const Napi::Value& value, socket::BindRequest& request) {
  if (value.IsUndefined()) return true;
  const auto text = readText(env, value, "source");
  if (!text) return false;
  request.source = address::IpAddress::parse(*text);
  if (request.source.family() == request.family) return true;
  throwInvalid(env, "source", "an IPv" + std::to_string(request.family) + " address without zone", value);
  return false;
}

bool readOptions(napi_env env, const Napi::Value& value, socket::BindRequest& request) {
  if (value.IsUndefined()) return true;
  Options options(env, value, "options");
  request.options = readSocketOptions(options);
  return !options.hasFailed();
}

}  // namespace

std::optional<socket::BindRequest> readBindRequest(const Napi::CallbackInfo& info) {
  const napi_env env = info.Env();
  socket::BindRequest request;
  const auto family = readFamily(env, info[0]);
  if (!family) return std::nullopt;
  request.family = *family;
  const auto type = readType(env, info[1]);
  if (!type) return std::nullopt;
  request.type = *type;
  const auto index = readInteger(env, info[2], "interfaceIndex", kIndexes);
  if (!index) return std::nullopt;
  request.interfaceIndex = *index;
  const auto name = readText(env, info[3], "interfaceName");
  if (!name) return std::nullopt;
  request.interfaceName = *name;
  if (!readSource(env, info[4], request)) return std::nullopt;
  const auto port = readInteger(env, info[5], "sourcePort", kPorts);
  if (!port) return std::nullopt;
  request.sourcePort = static_cast<std::uint16_t>(*port);
  if (!readOptions(env, info[6], request)) return std::nullopt;
  return request;
}

napi_value give(napi_env env, base::Result<base::UniqueFd> created) {
  if (!created) {
    throwError(env, created.error());
    return nullptr;
  }
  const napi_value fd = toJs(env, static_cast<std::uint32_t>(created.value().get()));
  if (fd != nullptr) (void)created.value().release();
  return fd;
}

}  // namespace mif::binding
