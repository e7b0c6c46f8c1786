// SPDX-License-Identifier: MIT
#include "binding/selector-wrap.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "binding/destination-question.h"
#include "binding/js-error.h"
#include "binding/to-js.h"
#include "selection/destination-survey.h"

namespace mif::binding {

namespace {

// The longest packed Selection has 23 words.
constexpr std::size_t kWords = 64;
// Where an answer says what it is by.
constexpr std::size_t kInventory = kWords - 1;
constexpr std::uint32_t kNoAddress = 0xffffffff;
// Longer than any address with its terminator (INET6_ADDRSTRLEN); what does not fit is none.
constexpr std::size_t kLongestText = 64;

// Where a question has what.
enum Word : std::uint8_t {
  kDevice,
  kMark,
  kUser,
  kTrafficClass,
  kProtocol,
  kSourcePort,
  kDestinationPort,
  kSourceFamily,
  kSourceGroups,
  // How many, and then four groups for each.
  kSources = kSourceGroups + 4,
};

address::IpAddress readAddress(std::uint32_t family, std::span<const std::uint32_t, 4> groups) {
  std::array<std::byte, 16> bytes{};
  const std::size_t length = family == 4 ? 4 : family == 6 ? 16 : 0;
  for (std::size_t at = 0; at < length; ++at) {
    bytes[at] = static_cast<std::byte>(groups[at / 4] >> (24 - 8 * (at % 4)));
  }
  return address::IpAddress::fromBytes(std::span(bytes).first(length));
}

std::vector<address::IpAddress> readSources(std::span<const std::uint32_t> words, std::uint8_t family) {
  std::vector<address::IpAddress> sources(std::min<std::size_t>(words[0], (words.size() - 1) / 4));
  for (std::size_t at = 0; at < sources.size(); ++at) {
    sources[at] = readAddress(family, words.subspan(1 + 4 * at).first<4>());
  }
  return sources;
}

}  // namespace

bool SelectorWrap::defineClass(Napi::Env env, EnvState& state) {
  const Napi::Function constructor = DefineClass(env, "Selector",
                                                 {
                                                     InstanceMethod<&SelectorWrap::select>("select"),
                                                     InstanceMethod<&SelectorWrap::query>("query"),
                                                     InstanceMethod<&SelectorWrap::bind>("bind"),
                                                     InstanceMethod<&SelectorWrap::sort>("sort"),
                                                 });
  if (constructor.IsEmpty()) return false;
  state.selectorClass = Napi::Persistent(constructor);
  return true;
}

napi_value SelectorWrap::create(napi_env env, MonitorWrap& monitor, napi_value words) {
  EnvState* state = EnvState::of(env);
  if (state == nullptr) return nullptr;
  monitor.monitor()->indexDestinations();
  state->nextMonitor = &monitor;
  napi_value selector = nullptr;
  const napi_status status = napi_new_instance(env, state->selectorClass.Value(), 1, &words, &selector);
  state->nextMonitor = nullptr;
  return status == napi_ok ? selector : nullptr;
}

SelectorWrap::SelectorWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SelectorWrap>(info) {
  EnvState* state = EnvState::of(info.Env());
  napi_typedarray_type type = napi_uint8_array;
  std::size_t length = 0;
  void* data = nullptr;
  const napi_status status = napi_get_typedarray_info(info.Env(), info[0], &type, &length, &data, nullptr, nullptr);
  const bool isFit = status == napi_ok && type == napi_uint32_array && length >= kWords;
  if (state == nullptr || state->nextMonitor == nullptr || !isFit) {
    throwError(info.Env(), {base::ErrorCode::kInvalidArg, "words must be a Uint32Array of at least 64", "", 0, ""});
    return;
  }
  monitor_ = state->nextMonitor;
  monitorObject_ = Napi::Persistent(monitor_->Value());
  array_ = Napi::Persistent(info[0].As<Napi::Object>());
  words_ = {static_cast<std::uint32_t*>(data), length};
}

Napi::Value SelectorWrap::select(const Napi::CallbackInfo& info) {
  return answer(info, [this](const table::Tables& tables, const selection::Flow& flow) {
    return selector_.connect(tables, flow);
  });
}

Napi::Value SelectorWrap::query(const Napi::CallbackInfo& info) {
  return answer(
      info, [this](const table::Tables& tables, const selection::Flow& flow) { return selector_.query(tables, flow); });
}

Napi::Value SelectorWrap::bind(const Napi::CallbackInfo& info) {
  return answer(info, [this](const table::Tables& tables, const selection::Flow& flow) {
    const std::vector<address::IpAddress> sources = readSources(words_.subspan(kSources), flow.family());
    return selector_.bind(tables, flow, sources);
  });
}

Napi::Value SelectorWrap::sort(const Napi::CallbackInfo& info) {
  napi_typedarray_type type = napi_uint8_array;
  std::size_t length = 0;
  void* data = nullptr;
  const napi_status status = napi_get_typedarray_info(info.Env(), info[0], &type, &length, &data, nullptr, nullptr);
  std::optional<DestinationQuestion> question;
  if (status == napi_ok && type == napi_uint32_array && monitor_ != nullptr && monitor_->monitor() != nullptr) {
    question = readDestinationQuestion({static_cast<const std::uint32_t*>(data), length});
  }
  if (!question) {
    throwError(info.Env(),
               {base::ErrorCode::kInvalidArg, "question must be one for the order of destinations", "", 0, ""});
    return {};
  }
  selection::DestinationSurvey survey(question->flow, question->policy);
  for (selection::Carrier& carrier : question->carriers) survey.addCarrier(std::move(carrier));
  bool wasSynced = true;
  monitor_->monitor()->read([&](const table::Tables& tables, bool isSynced) {
    for (const selection::ZonedAddress& asked : question->destinations) survey.add(tables, selector_, asked);
    wasSynced = isSynced;
  });
  packer_.clear();
  for (const selection::RankedDestination& ranked : survey.ordered()) {
    selection::SurveyedDestination destination = survey.destinations()[ranked.position];
    if (!wasSynced) destination.decision.doubts |= contract::SelectionDoubt::kUnsynced;
    packer_.word(ranked.position);
    packer_.word(static_cast<std::uint32_t>(ranked.before));
    packer_.word(destination.isReachable ? 1 : 0);
    packer_.word(destination.policy.precedence);
    packer_.word(destination.carrier);
    contract::pack(destination.decision, packer_);
  }
  if (words_.size() > kInventory) words_[kInventory] = static_cast<std::uint32_t>(selector_.inventoryGeneration());
  return {info.Env(), toJs(info.Env(), std::span<const std::uint32_t>(packer_.words()))};
}

bool SelectorWrap::readFlow(napi_env env, napi_value destination, selection::Flow& flow) {
  std::array<char, kLongestText> text{};
  std::size_t length = 0;
  if (napi_get_value_string_latin1(env, destination, text.data(), text.size(), &length) != napi_ok) return false;
  flow.destination = address::IpAddress::parse({text.data(), length});
  flow.device = words_[kDevice];
  flow.mark = words_[kMark];
  flow.uid = words_[kUser];
  flow.trafficClass = static_cast<std::uint8_t>(words_[kTrafficClass]);
  flow.protocol = static_cast<std::uint8_t>(words_[kProtocol]);
  flow.sourcePort = static_cast<std::uint16_t>(words_[kSourcePort]);
  flow.destinationPort = static_cast<std::uint16_t>(words_[kDestinationPort]);
  flow.source = readAddress(words_[kSourceFamily], words_.subspan(kSourceGroups).first<4>());
  return flow.destination.isPresent() && (!flow.source.isPresent() || flow.source.family() == flow.family());
}

template <typename Ask>
Napi::Value SelectorWrap::answer(const Napi::CallbackInfo& info, Ask&& ask) {
  selection::Flow flow;
  if (monitor_ == nullptr || monitor_->monitor() == nullptr || !readFlow(info.Env(), info[0], flow)) {
    if (!words_.empty()) words_[0] = kNoAddress;
    return {};
  }
  packer_.clear();
  monitor_->monitor()->read([&](const table::Tables& tables, bool isSynced) {
    selection::Decision decision = ask(tables, flow);
    if (!isSynced) decision.doubts |= contract::SelectionDoubt::kUnsynced;
    contract::pack(decision, packer_);
  });
  std::copy(packer_.words().begin(), packer_.words().end(), words_.begin());
  words_[kInventory] = static_cast<std::uint32_t>(selector_.inventoryGeneration());
  return {};
}

}  // namespace mif::binding
