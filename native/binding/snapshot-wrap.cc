// SPDX-License-Identifier: MIT
#include "binding/snapshot-wrap.h"

#include <bit>
#include <cstdint>
#include <optional>
#include <utility>

#include "binding/from-js.h"
#include "binding/js-error.h"
#include "binding/to-js.h"
#include "contract/packer.h"
#include "feed/difference.h"
#include "table/route-filter.h"
#include "table/tables.h"

namespace mif::binding {

namespace {

// Marks our objects, so that no other kind can be taken for one. The address makes it another mark in each copy of this
// library: a process may have two versions of it, and theirs do not know each other's objects.
napi_type_tag tag() {
  static constexpr char kMark = 0;
  return {0x6d69662d736e6170, std::bit_cast<std::uintptr_t>(&kMark)};
}

// What a view may keep alive that the live tables have left behind, roughly: its lists of chunks, and the chunk that
// the next change copies (table/chunked.h). Without being told, the garbage collector takes a snapshot for a hundred
// bytes and lets thousands of them wait.
std::int64_t bytesBehind(const table::View& view) {
  constexpr std::size_t kRecordsPerChunk = 256;
  constexpr std::size_t kChunkBytes = 8192;
  std::size_t records = 0;
  for (const contract::RecordKind kind : table::kAllKinds) records += view.size(kind);
  return static_cast<std::int64_t>(sizeof(view) + records / kRecordsPerChunk * sizeof(void*) + kChunkBytes);
}

void tell(napi_env env, std::int64_t bytes) {
  std::int64_t total = 0;
  (void)napi_adjust_external_memory(env, bytes, &total);
}

std::optional<contract::RecordKind> readKind(napi_env env, napi_value value) {
  const auto code = readInteger(env, value, "kind", {0, table::Kinds::kCount - 1});
  if (!code) return std::nullopt;
  return static_cast<contract::RecordKind>(*code);
}

// A NativeRouteFilter, or undefined for the one that lets everything through.
std::optional<table::RouteFilter> readFilter(napi_env env, const Napi::Value& value) {
  table::RouteFilter filter;
  if (value.IsUndefined()) return filter;
  Options options(env, value, "filter");
  const std::uint32_t family = options.integer("family", {4, 6}).value_or(0);
  if (family == 5) options.reject("family", "4 or 6");
  filter.family = static_cast<std::uint8_t>(family);
  filter.table = options.integer("table");
  // A byte in every route message (rtm_protocol).
  if (const auto protocol = options.integer("protocol", {0, 0xff})) {
    filter.protocol = static_cast<contract::RouteProtocol>(*protocol);
  }
  filter.types = options.integer("types").value_or(0);
  if (const auto length = options.integer("maxPrefixLength", {0, 128})) {
    filter.maxPrefixLength = static_cast<std::uint8_t>(*length);
  }
  if (options.hasFailed()) return std::nullopt;
  return filter;
}

}  // namespace

bool SnapshotWrap::defineClass(Napi::Env env, EnvState& state) {
  const Napi::Function constructor = DefineClass(env, "Snapshot",
                                                 {
                                                     InstanceAccessor<&SnapshotWrap::generation>("generation"),
                                                     InstanceAccessor<&SnapshotWrap::epoch>("epoch"),
                                                     InstanceAccessor<&SnapshotWrap::synced>("synced"),
                                                     InstanceMethod<&SnapshotWrap::size>("size"),
                                                     InstanceMethod<&SnapshotWrap::read>("read"),
                                                     InstanceMethod<&SnapshotWrap::difference>("difference"),
                                                 });
  if (constructor.IsEmpty()) return false;
  state.snapshotClass = Napi::Persistent(constructor);
  return true;
}

napi_value SnapshotWrap::create(napi_env env, monitor::SharedView view) {
  EnvState* state = EnvState::of(env);
  if (state == nullptr) return nullptr;
  state->nextView = std::move(view);
  napi_value object = nullptr;
  const napi_status status = napi_new_instance(env, state->snapshotClass.Value(), 0, nullptr, &object);
  state->nextView.reset();
  return status == napi_ok ? object : nullptr;
}

SnapshotWrap::SnapshotWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SnapshotWrap>(info) {
  const napi_env env = info.Env();
  if (EnvState* state = EnvState::of(env)) view_ = std::exchange(state->nextView, nullptr);
  if (view_ == nullptr) {
    throwError(env, {base::ErrorCode::kInvalidArg, "snapshots are taken by snapshot() of a monitor", "", 0, ""});
    return;
  }
  const napi_type_tag mark = tag();
  (void)napi_type_tag_object(env, info.This(), &mark);
  tell(env, bytesBehind(*view_));
}

SnapshotWrap::~SnapshotWrap() {
  if (view_ != nullptr) tell(Env(), -bytesBehind(*view_));
}

Napi::Value SnapshotWrap::generation(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(view_->generation));
}

Napi::Value SnapshotWrap::epoch(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), view_->epoch);
}

Napi::Value SnapshotWrap::synced(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), view_->isSynced);
}

Napi::Value SnapshotWrap::size(const Napi::CallbackInfo& info) {
  const auto kind = readKind(info.Env(), info[0]);
  if (!kind) return {};
  const auto filter = readFilter(info.Env(), info[1]);
  if (!filter) return {};
  return Napi::Number::New(info.Env(), static_cast<double>(view_->size(*kind, *filter)));
}

Napi::Value SnapshotWrap::read(const Napi::CallbackInfo& info) {
  const auto kind = readKind(info.Env(), info[0]);
  if (!kind) return {};
  const auto position = readInteger(info.Env(), info[1], "position");
  if (!position) return {};
  const auto limit = readInteger(info.Env(), info[2], "limit", {.least = 1});
  if (!limit) return {};
  const auto filter = readFilter(info.Env(), info[3]);
  if (!filter) return {};
  contract::Packer packer;
  view_->read(*kind, *position, *limit, *filter, packer);
  return {info.Env(), toJs(info.Env(), packer.words())};
}

Napi::Value SnapshotWrap::difference(const Napi::CallbackInfo& info) {
  const napi_type_tag mark = tag();
  bool isSnapshot = false;
  // Fails when it is no object at all.
  (void)napi_check_object_type_tag(info.Env(), info[0], &mark, &isSnapshot);
  if (!isSnapshot) {
    throwError(info.Env(), {base::ErrorCode::kInvalidArg, "earlier must be a snapshot of a monitor", "", 0, ""});
    return {};
  }
  const auto filter = readFilter(info.Env(), info[1]);
  if (!filter) return {};
  contract::Packer packer;
  feed::difference(*Unwrap(info[0].As<Napi::Object>())->view_, *view_, *filter, packer);
  return {info.Env(), toJs(info.Env(), packer.words())};
}

}  // namespace mif::binding
