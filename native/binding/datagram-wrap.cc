// SPDX-License-Identifier: MIT
#include "binding/datagram-wrap.h"

#include <span>
#include <vector>

#include "binding/call-js.h"
#include "binding/from-js.h"
#include "binding/js-error.h"
#include "binding/to-js.h"
#include "socket/datagram.h"

namespace mif::binding {

// A property of the object rather than a reference of ours, as in monitor-wrap.cc.
static constexpr char kOnReady[] = "onReady";

static constexpr Range kPorts = {1, 0xffff};
static constexpr Range kIndexes = {0, 0x7fffffff};

static napi_value toJs(napi_env env, const socket::Arrival& arrival) {
  Fields fields(env);
  napi_value data = nullptr;
  if (napi_create_buffer_copy(env, arrival.data.size(), arrival.data.data(), nullptr, &data) != napi_ok) data = nullptr;
  fields.value("data", data);
  fields.number("size", static_cast<double>(arrival.size));
  fields.text("address", arrival.source.text());
  fields.number("port", arrival.sourcePort);
  fields.text("destination", arrival.destination.text());
  fields.number("interfaceIndex", arrival.interfaceIndex);
  return fields.get();
}

static napi_value toJs(napi_env env, const std::vector<socket::Arrival>& arrivals) {
  napi_value array = nullptr;
  if (napi_create_array_with_length(env, arrivals.size(), &array) != napi_ok) return nullptr;
  for (std::uint32_t at = 0; at < arrivals.size(); ++at) {
    const napi_value arrival = toJs(env, arrivals[at]);
    if (arrival == nullptr || napi_set_element(env, array, at, arrival) != napi_ok) return nullptr;
  }
  return array;
}

bool DatagramWrap::defineClass(Napi::Env env, EnvState& state) {
  const Napi::Function constructor = DefineClass(env, "DatagramSocket",
                                                 {
                                                     InstanceMethod<&DatagramWrap::receive>("receive"),
                                                     InstanceMethod<&DatagramWrap::send>("send"),
                                                     InstanceMethod<&DatagramWrap::watch>("watch"),
                                                     InstanceMethod<&DatagramWrap::hold>("hold"),
                                                     InstanceMethod<&DatagramWrap::connect>("connect"),
                                                     InstanceMethod<&DatagramWrap::disconnect>("disconnect"),
                                                     InstanceMethod<&DatagramWrap::join>("join"),
                                                     InstanceMethod<&DatagramWrap::leave>("leave"),
                                                     InstanceMethod<&DatagramWrap::localName>("localName"),
                                                     InstanceMethod<&DatagramWrap::close>("close"),
                                                 });
  if (constructor.IsEmpty()) return false;
  state.datagramSocketClass = Napi::Persistent(constructor);
  return true;
}

DatagramWrap::DatagramWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<DatagramWrap>(info) {
  const napi_env env = info.Env();
  Options options(env, info[0], "options");
  const std::uint32_t fd = options.requiredInteger("fd", {0, 0x7fffffff});
  const std::uint32_t family = options.requiredInteger("family", {4, 6});
  if (family == 5) options.reject("family", "4 or 6");
  bound_.family = static_cast<std::uint8_t>(family);
  bound_.type = socket::SocketType::kDatagram;
  bound_.interfaceIndex = options.requiredInteger("interfaceIndex", kIndexes);
  bound_.interfaceName = options.text("interfaceName").value_or("");
  longest_ = options.requiredInteger("longest", {1, socket::ReceiveBuffer::kSlotSize});
  const napi_value onReady = options.requiredFunction(kOnReady);
  if (options.hasFailed()) return;

  const napi_property_descriptor property = {kOnReady, nullptr, nullptr,      nullptr,
                                             nullptr,  onReady, napi_default, nullptr};
  if (napi_define_properties(env, info.This(), 1, &property) != napi_ok) return;
  const base::Result<base::Done> told = socket::tellArrivals(static_cast<int>(fd), bound_.family);
  if (!told) {
    throwError(env, told.error());
    return;
  }
  watch_ = DescriptorWatch::open(env, static_cast<int>(fd), info.This(), *this);
  if (watch_ == nullptr) {
    throwError(env, {base::ErrorCode::kUnsupported, "this runtime cannot watch a socket", "", 0, ""});
    return;
  }
  fd_ = base::UniqueFd(static_cast<int>(fd));
  // A program that waits for datagrams need not keep the socket in a variable.
  Ref();
}

DatagramWrap::~DatagramWrap() {
  ended();
}

void DatagramWrap::ended() {
  // The loop lets go of the descriptor before it is closed.
  if (watch_ != nullptr) watch_->close();
  watch_ = nullptr;
  fd_.reset();
}

void DatagramWrap::ready(napi_env env, napi_async_context context) {
  const napi_value self = Value();
  if (self != nullptr) callJsFromLoop(env, context, self, kOnReady);
}

Napi::Value DatagramWrap::receive(const Napi::CallbackInfo& info) {
  EnvState* state = EnvState::of(info.Env());
  if (state == nullptr || !requireOpen(info.Env())) return {};
  if (state->receiveBuffer == nullptr) state->receiveBuffer = std::make_unique<socket::ReceiveBuffer>();
  std::vector<socket::Arrival> arrivals;
  const base::Result<base::Done> received = socket::receive(fd_.get(), *state->receiveBuffer, longest_, arrivals);
  if (!received) {
    throwError(info.Env(), received.error());
    return {};
  }
  return {info.Env(), toJs(info.Env(), arrivals)};
}

Napi::Value DatagramWrap::send(const Napi::CallbackInfo& info) {
  if (!requireOpen(info.Env())) return {};
  napi_typedarray_type type = napi_uint8_array;
  std::size_t length = 0;
  void* data = nullptr;
  if (napi_get_typedarray_info(info.Env(), info[0], &type, &length, &data, nullptr, nullptr) != napi_ok ||
      type != napi_uint8_array) {
    throwError(info.Env(), {base::ErrorCode::kInvalidArg, "data must be a Uint8Array", "", 0, ""});
    return {};
  }
  Options options(info.Env(), info[1], "departure");
  socket::Departure departure;
  departure.destination = options.address("destination", bound_.family);
  departure.port = static_cast<std::uint16_t>(options.integer("port", kPorts).value_or(0));
  departure.source = options.address("source", bound_.family);
  departure.interfaceIndex = options.integer("interfaceIndex", kIndexes).value_or(0);
  if (options.hasFailed()) return {};
  const base::Result<bool> sent = socket::send(fd_.get(), departure, scopeFor(departure.interfaceIndex),
                                               {static_cast<const std::byte*>(data), length});
  if (!sent) {
    throwError(info.Env(), sent.error());
    return {};
  }
  return Napi::Boolean::New(info.Env(), sent.value());
}

Napi::Value DatagramWrap::watch(const Napi::CallbackInfo& info) {
  const std::optional<bool> isForReading = readBoolean(info.Env(), info[0], "isForReading");
  if (!isForReading) return {};
  const std::optional<bool> isForWriting = readBoolean(info.Env(), info[1], "isForWriting");
  if (isForWriting && watch_ != nullptr) watch_->watch(*isForReading, *isForWriting);
  return {};
}

Napi::Value DatagramWrap::hold(const Napi::CallbackInfo& info) {
  const std::optional<bool> alive = readBoolean(info.Env(), info[0], "alive");
  if (alive && watch_ != nullptr) watch_->hold(*alive);
  return {};
}

Napi::Value DatagramWrap::connect(const Napi::CallbackInfo& info) {
  if (!requireOpen(info.Env())) return {};
  Options options(info.Env(), info[0], "peer");
  const address::IpAddress destination = options.requiredAddress("destination", bound_.family);
  const std::uint32_t port = options.requiredInteger("port", kPorts);
  const std::uint32_t scope = scopeFor(options.integer("interfaceIndex", kIndexes).value_or(0));
  if (options.hasFailed()) return {};
  const base::Result<base::Done> connected =
      socket::connect(fd_.get(), destination, static_cast<std::uint16_t>(port), scope);
  if (!connected) throwError(info.Env(), connected.error());
  return {};
}

Napi::Value DatagramWrap::disconnect(const Napi::CallbackInfo& info) {
  if (!requireOpen(info.Env())) return {};
  const base::Result<base::Done> disconnected = socket::disconnect(fd_.get(), bound_);
  if (!disconnected) throwError(info.Env(), disconnected.error());
  return {};
}

Napi::Value DatagramWrap::join(const Napi::CallbackInfo& info) {
  return changeMembership(info, &socket::join);
}

Napi::Value DatagramWrap::leave(const Napi::CallbackInfo& info) {
  return changeMembership(info, &socket::leave);
}

Napi::Value DatagramWrap::changeMembership(const Napi::CallbackInfo& info, Change change) {
  if (!requireOpen(info.Env())) return {};
  Options options(info.Env(), info[0], "membership");
  const address::IpAddress group = options.requiredAddress("group", bound_.family);
  const std::uint32_t index = options.requiredInteger("interfaceIndex", kIndexes);
  if (options.hasFailed()) return {};
  const base::Result<base::Done> changed = change(fd_.get(), group, index);
  if (!changed) throwError(info.Env(), changed.error());
  return {};
}

Napi::Value DatagramWrap::localName(const Napi::CallbackInfo& info) {
  if (!requireOpen(info.Env())) return {};
  const base::Result<socket::LocalName> name = socket::localName(fd_.get());
  if (!name) {
    throwError(info.Env(), name.error());
    return {};
  }
  Fields fields(info.Env());
  fields.text("address", name.value().address.text());
  fields.number("port", name.value().port);
  return {info.Env(), fields.get()};
}

Napi::Value DatagramWrap::close(const Napi::CallbackInfo&) {
  if (watch_ == nullptr) return {};
  ended();
  Unref();
  return {};
}

bool DatagramWrap::requireOpen(napi_env env) {
  if (watch_ != nullptr) return true;
  throwError(env, {base::ErrorCode::kClosed, "the socket is closed", "", 0, ""});
  return false;
}

}  // namespace mif::binding
