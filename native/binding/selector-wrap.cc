// SPDX-License-Identifier: MIT
#include "binding/selector-wrap.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "binding/destination-question.h"
#include "binding/js-error.h"
#include "binding/to-js.h"
#include "selection/account.h"
#include "selection/destination-survey.h"

namespace mif::binding {

namespace {

// The longest packed Selection has 23 words.
constexpr std::size_t kWords = 64;
// Where an answer says which one it is; kNoAddress in place of the first, where there is none.
constexpr std::size_t kSlot = 0;
constexpr std::size_t kNumberLow = 1;
constexpr std::size_t kNumberHigh = 2;
// Where an answer says what it is by.
constexpr std::size_t kInventory = kWords - 1;
// And whether the user matters.
constexpr std::size_t kMindsUser = kWords - 2;
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
  // Unless it is told as text.
  kDestinationFamily = kSourceGroups + 4,
  kDestinationGroups,
  // See SourceWords.
  kSources = kDestinationGroups + 4,
};

address::IpAddress readAddress(std::uint32_t family, std::span<const std::uint32_t, 4> groups) {
  std::array<std::byte, 16> bytes{};
  const std::size_t length = family == 4 ? 4 : family == 6 ? 16 : 0;
  for (std::size_t at = 0; at < length; ++at) {
    bytes[at] = static_cast<std::byte>(groups[at / 4] >> (24 - 8 * (at % 4)));
  }
  return address::IpAddress::fromBytes(std::span(bytes).first(length));
}

// What the sources of a question say: how many will do, their groups; how many were advertised, for each its groups and
// those of its router.
struct SourceWords {
  std::vector<address::IpAddress> sources;
  std::vector<selection::Advertised> advertised;

  SourceWords(std::span<const std::uint32_t> words, std::uint8_t family) {
    const auto next = [&] {
      const address::IpAddress address = readAddress(family, words.first<4>());
      words = words.subspan(4);
      return address;
    };
    const auto count = [&](std::size_t size) -> std::size_t {
      if (words.empty()) return 0;
      const std::size_t told = words.front();
      words = words.subspan(1);
      return std::min(told, words.size() / size);
    };
    for (std::size_t left = count(4); left > 0; --left) sources.push_back(next());
    for (std::size_t left = count(8); left > 0; --left) {
      const address::IpAddress source = next();
      advertised.push_back({source, next()});
    }
  }
  selection::Binding binding() const { return {.sources = sources, .advertised = advertised}; }
};

// None of what is no Uint8Array.
std::span<std::uint8_t> bytesOf(const Napi::Value& value) {
  napi_typedarray_type type = napi_uint8_array;
  std::size_t length = 0;
  void* data = nullptr;
  const napi_status status = napi_get_typedarray_info(value.Env(), value, &type, &length, &data, nullptr, nullptr);
  if (status != napi_ok || type != napi_uint8_array) return {};
  return {static_cast<std::uint8_t*>(data), length};
}

// None of what is no Uint32Array.
std::span<std::uint32_t> wordsOf(napi_env env, napi_value value) {
  napi_typedarray_type type = napi_uint8_array;
  std::size_t length = 0;
  void* data = nullptr;
  const napi_status status = napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr);
  if (status != napi_ok || type != napi_uint32_array) return {};
  return {static_cast<std::uint32_t*>(data), length};
}

// A function that is called much, as one that has its object for data: to find out whose method it is would cost as
// much as a selection. It is the object's own, and keeps it alive.
bool addFastFunction(napi_env env, napi_value object, const char* name, napi_callback callback, void* data) {
  napi_value function = nullptr;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, data, &function) != napi_ok) return false;
  const napi_property_descriptor owner{"owner", nullptr, nullptr, nullptr, nullptr, object, napi_default, nullptr};
  const napi_property_descriptor own{name, nullptr, nullptr, nullptr, nullptr, function, napi_default, nullptr};
  return napi_define_properties(env, function, 1, &owner) == napi_ok &&
         napi_define_properties(env, object, 1, &own) == napi_ok;
}

}  // namespace

bool SelectorWrap::defineClass(Napi::Env env, EnvState& state) {
  const Napi::Function constructor = DefineClass(env, "Selector",
                                                 {
                                                     InstanceMethod<&SelectorWrap::query>("query"),
                                                     InstanceMethod<&SelectorWrap::bind>("bind"),
                                                     InstanceMethod<&SelectorWrap::askBind>("askBind"),
                                                     InstanceMethod<&SelectorWrap::readAnswer>("readAnswer"),
                                                     InstanceMethod<&SelectorWrap::sort>("sort"),
                                                     InstanceMethod<&SelectorWrap::selectMany>("selectMany"),
                                                     InstanceMethod<&SelectorWrap::bindMany>("bindMany"),
                                                     InstanceMethod<&SelectorWrap::explain>("explain"),
                                                     InstanceMethod<&SelectorWrap::explainBind>("explainBind"),
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
  if (status != napi_ok) return nullptr;
  SelectorWrap* wrap = Unwrap(Napi::Object(env, selector));
  const bool isComplete = addFastFunction(env, selector, "select", select, wrap) &&
                          addFastFunction(env, selector, "askConnect", askConnect, wrap);
  return isComplete ? selector : nullptr;
}

SelectorWrap::SelectorWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SelectorWrap>(info) {
  EnvState* state = EnvState::of(info.Env());
  const std::span<std::uint32_t> words = wordsOf(info.Env(), info[0]);
  if (state == nullptr || state->nextMonitor == nullptr || words.size() < kWords) {
    throwError(info.Env(), {base::ErrorCode::kInvalidArg, "words must be a Uint32Array of at least 64", "", 0, ""});
    return;
  }
  monitor_ = state->nextMonitor;
  monitorObject_ = Napi::Persistent(monitor_->Value());
  array_ = Napi::Persistent(info[0].As<Napi::Object>());
  words_ = words;
}

napi_value SelectorWrap::select(napi_env env, napi_callback_info info) {
  std::size_t count = 1;
  napi_value destination = nullptr;
  void* data = nullptr;
  if (napi_get_cb_info(env, info, &count, &destination, nullptr, &data) != napi_ok) return nullptr;
  auto& self = *static_cast<SelectorWrap*>(data);
  self.answer(env, destination, [&](const table::Tables& tables, const selection::Flow& flow, std::uint32_t doubts) {
    return &self.selector_.connect(tables, flow, doubts);
  });
  return nullptr;
}

Napi::Value SelectorWrap::query(const Napi::CallbackInfo& info) {
  answer(info.Env(), info[0], [&](const table::Tables& tables, const selection::Flow& flow, std::uint32_t doubts) {
    return &selector_.query(tables, flow, doubts);
  });
  return {};
}

Napi::Value SelectorWrap::bind(const Napi::CallbackInfo& info) {
  answer(info.Env(), info[0], [&](const table::Tables& tables, const selection::Flow& flow, std::uint32_t doubts) {
    return &selector_.bind(tables, flow, SourceWords(words_.subspan(kSources), flow.family()).binding(), doubts);
  });
  return {};
}

napi_value SelectorWrap::askConnect(napi_env env, napi_callback_info info) {
  std::size_t count = 1;
  napi_value destination = nullptr;
  void* data = nullptr;
  if (napi_get_cb_info(env, info, &count, &destination, nullptr, &data) != napi_ok) return nullptr;
  auto& self = *static_cast<SelectorWrap*>(data);
  self.askKernel(env, destination, [&](const table::Tables& tables, const selection::Flow& flow, bool isSynced) {
    return self.selector_.inquireConnect(tables, flow, isSynced);
  });
  return nullptr;
}

Napi::Value SelectorWrap::askBind(const Napi::CallbackInfo& info) {
  askKernel(info.Env(), info[0], [&](const table::Tables& tables, const selection::Flow& flow, bool) {
    return selector_.inquireBind(tables, flow, SourceWords(words_.subspan(kSources), flow.family()).binding());
  });
  return {};
}

Napi::Value SelectorWrap::readAnswer(const Napi::CallbackInfo&) {
  if (last_ == nullptr) return {};
  packer_.clear();
  contract::pack(last_->decision, packer_);
  std::copy(packer_.words().begin(), packer_.words().end(), words_.begin());
  return {};
}

Napi::Value SelectorWrap::explain(const Napi::CallbackInfo& info) {
  return account(info, [this](const table::Tables& tables, const selection::Flow& flow, selection::Trace& trace) {
    return selector_.explainConnect(tables, flow, trace);
  });
}

Napi::Value SelectorWrap::explainBind(const Napi::CallbackInfo& info) {
  return account(info, [this](const table::Tables& tables, const selection::Flow& flow, selection::Trace& trace) {
    const SourceWords sources(words_.subspan(kSources), flow.family());
    return selector_.explainBind(tables, flow, sources.binding(), trace);
  });
}

Napi::Value SelectorWrap::sort(const Napi::CallbackInfo& info) {
  std::optional<DestinationQuestion> question;
  if (monitor_ != nullptr && monitor_->monitor() != nullptr) {
    question = readDestinationQuestion(wordsOf(info.Env(), info[0]));
  }
  if (!question) {
    throwError(info.Env(),
               {base::ErrorCode::kInvalidArg, "question must be one for the order of destinations", "", 0, ""});
    return {};
  }
  last_ = nullptr;
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

Napi::Value SelectorWrap::selectMany(const Napi::CallbackInfo& info) {
  return answerMany(info, [this](const table::Tables& tables, const selection::Flow& flow,
                                 const selection::Selector::Many& many) { selector_.connectMany(tables, flow, many); });
}

Napi::Value SelectorWrap::bindMany(const Napi::CallbackInfo& info) {
  return answerMany(
      info, [this](const table::Tables& tables, const selection::Flow& flow, const selection::Selector::Many& many) {
        const SourceWords sources(words_.subspan(kSources), flow.family());
        selector_.bindMany(tables, flow, sources.binding(), many);
      });
}

bool SelectorWrap::readFlow(napi_env env, napi_value destination, selection::Flow& flow) {
  if (words_[kDestinationFamily] != 0) {
    flow.destination = readAddress(words_[kDestinationFamily], words_.subspan(kDestinationGroups).first<4>());
  } else {
    std::array<char, kLongestText> text{};
    std::size_t length = 0;
    if (napi_get_value_string_latin1(env, destination, text.data(), text.size(), &length) != napi_ok) return false;
    flow.destination = address::IpAddress::parse({text.data(), length});
  }
  readTraffic(flow);
  return flow.destination.isPresent() && (!flow.source.isPresent() || flow.source.family() == flow.family());
}

void SelectorWrap::readTraffic(selection::Flow& flow) const {
  flow.device = words_[kDevice];
  flow.mark = words_[kMark];
  flow.uid = words_[kUser];
  flow.trafficClass = static_cast<std::uint8_t>(words_[kTrafficClass]);
  flow.protocol = static_cast<std::uint8_t>(words_[kProtocol]);
  flow.sourcePort = static_cast<std::uint16_t>(words_[kSourcePort]);
  flow.destinationPort = static_cast<std::uint16_t>(words_[kDestinationPort]);
  flow.source = readAddress(words_[kSourceFamily], words_.subspan(kSourceGroups).first<4>());
}

template <typename Ask>
void SelectorWrap::answer(napi_env env, napi_value destination, Ask&& ask) {
  selection::Flow flow;
  if (monitor_ == nullptr || monitor_->monitor() == nullptr || !readFlow(env, destination, flow)) {
    if (!words_.empty()) words_[kSlot] = kNoAddress;
    return;
  }
  const auto work = [&](const table::Tables& tables, bool isSynced) {
    last_ = ask(tables, flow, isSynced ? 0 : contract::SelectionDoubt::kUnsynced);
  };
  // By reference: a function of its own would be memory of its own.
  monitor_->monitor()->read(std::ref(work));
  writeAnswer();
}

template <typename Prepare>
void SelectorWrap::askKernel(napi_env env, napi_value destination, Prepare&& prepare) {
  selection::Flow flow;
  if (monitor_ == nullptr || monitor_->monitor() == nullptr || !readFlow(env, destination, flow)) {
    if (!words_.empty()) words_[kSlot] = kNoAddress;
    return;
  }
  kernel::RouteQuery* query = monitor_->routeQuery(env);
  if (query == nullptr) return;
  selection::Inquiry inquiry;
  const auto work = [&](const table::Tables& tables, bool isSynced) { inquiry = prepare(tables, flow, isSynced); };
  monitor_->monitor()->read(std::ref(work));
  const auto ask = [query](const contract::RouteQuestion& question) { return query->ask(question); };
  const base::Result<selection::Decision> decision = selection::inquire(inquiry, *selector_.inventory(), ask);
  if (!decision) {
    if (decision.error().code == base::ErrorCode::kKernel) monitor_->closeRouteQuery();
    throwError(env, decision.error());
    return;
  }
  last_ = &selector_.numbered(decision.value());
  writeAnswer();
}

void SelectorWrap::writeAnswer() {
  words_[kSlot] = last_->slot;
  words_[kNumberLow] = static_cast<std::uint32_t>(last_->number);
  words_[kNumberHigh] = static_cast<std::uint32_t>(last_->number >> 32);
  words_[kMindsUser] = selector_.inventory() != nullptr && selector_.inventory()->looksAtUser();
  words_[kInventory] = static_cast<std::uint32_t>(selector_.inventoryGeneration());
}

template <typename Ask>
Napi::Value SelectorWrap::answerMany(const Napi::CallbackInfo& info, Ask&& ask) {
  const auto family = static_cast<std::uint8_t>(words_.empty() ? 0 : words_[kDestinationFamily]);
  const std::span<std::uint8_t> destinations = bytesOf(info[0]);
  const std::span<std::uint32_t> memory = wordsOf(info.Env(), info[1]);
  const std::size_t width = family == 4 ? 4 : 16;
  const std::size_t count = destinations.size() / width;
  const bool isFit = (family == 4 || family == 6) && memory.size() == count;
  if (monitor_ == nullptr || monitor_->monitor() == nullptr || !isFit) {
    if (!words_.empty()) words_[kSlot] = kNoAddress;
    return {};
  }
  selection::Flow flow;
  flow.destination = address::IpAddress::unspecified(family);
  readTraffic(flow);
  packer_.clear();
  last_ = nullptr;
  selection::DecisionRows rows(memory, selector_.nextBatch(), packer_);
  // The monitor's thread gets its turn between two parts.
  for (std::size_t first = 0; first < count; first += selection::Selector::kMostAtOnce) {
    const auto work = [&](const table::Tables& tables, bool isSynced) {
      const std::size_t part = std::min(selection::Selector::kMostAtOnce, count - first);
      const std::uint32_t doubts = isSynced ? 0 : contract::SelectionDoubt::kUnsynced;
      ask(tables, flow, {destinations, first, part, doubts, rows});
    };
    monitor_->monitor()->read(std::ref(work));
  }
  words_[kInventory] = static_cast<std::uint32_t>(selector_.inventoryGeneration());
  return {info.Env(), toJs(info.Env(), std::span<const std::uint32_t>(packer_.words()))};
}

template <typename Ask>
Napi::Value SelectorWrap::account(const Napi::CallbackInfo& info, Ask&& ask) {
  selection::Flow flow;
  if (monitor_ == nullptr || monitor_->monitor() == nullptr || !readFlow(info.Env(), info[0], flow)) {
    return {info.Env(), undefined(info.Env())};
  }
  packer_.clear();
  last_ = nullptr;
  monitor_->monitor()->read([&](const table::Tables& tables, bool isSynced) {
    selection::Trace trace;
    selection::Decision decision = ask(tables, flow, trace);
    if (!isSynced) decision.doubts |= contract::SelectionDoubt::kUnsynced;
    contract::pack(selection::accountOf(tables, selector_.inventory(), flow.family(), decision, trace), packer_);
  });
  words_[kInventory] = static_cast<std::uint32_t>(selector_.inventoryGeneration());
  return {info.Env(), toJs(info.Env(), packer_.words())};
}

}  // namespace mif::binding
