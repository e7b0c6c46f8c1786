// SPDX-License-Identifier: MIT
// Answers of selection for one environment (NativeSelector of binding.d.ts). Numbers go both ways through memory that
// JavaScript gave: an object made here would cost ten times the question.
#pragma once

#include <napi.h>

#include <cstdint>
#include <span>

#include "binding/env-state.h"
#include "binding/monitor-wrap.h"
#include "contract/packer.h"
#include "selection/selector.h"

namespace mif::binding {

class SelectorWrap final : public Napi::ObjectWrap<SelectorWrap> {
 public:
  static bool defineClass(Napi::Env env, EnvState& state);
  // `monitor` has to be open. Null on failure.
  static napi_value create(napi_env env, MonitorWrap& monitor, napi_value words);

  // Not for JavaScript: throws unless create() called it.
  explicit SelectorWrap(const Napi::CallbackInfo& info);

 private:
  static napi_value select(napi_env env, napi_callback_info info);
  static napi_value askConnect(napi_env env, napi_callback_info info);
  Napi::Value query(const Napi::CallbackInfo& info);
  Napi::Value bind(const Napi::CallbackInfo& info);
  Napi::Value askBind(const Napi::CallbackInfo& info);
  Napi::Value readAnswer(const Napi::CallbackInfo& info);
  Napi::Value sort(const Napi::CallbackInfo& info);
  Napi::Value explain(const Napi::CallbackInfo& info);
  Napi::Value explainBind(const Napi::CallbackInfo& info);

  // Whether there is a question; else the answer says why not.
  bool readFlow(napi_env env, napi_value destination, selection::Flow& flow);
  Napi::Value selectMany(const Napi::CallbackInfo& info);
  Napi::Value bindMany(const Napi::CallbackInfo& info);

  // What the question says of the traffic, but for its destination.
  void readTraffic(selection::Flow& flow) const;
  // `ask(tables, flow, many)` decides for a part of the destinations.
  template <typename Ask>
  Napi::Value answerMany(const Napi::CallbackInfo& info, Ask&& ask);
  // `ask(tables, flow, doubts)` gives the answer.
  template <typename Ask>
  void answer(napi_env env, napi_value destination, Ask&& ask);
  // As answer(); the account is in memory of its own, because nothing limits it.
  template <typename Ask>
  Napi::Value account(const Napi::CallbackInfo& info, Ask&& ask);
  // `prepare(tables, flow, isSynced)` says what to ask the kernel. An exception is pending when that fails.
  template <typename Prepare>
  void askKernel(napi_env env, napi_value destination, Prepare&& prepare);
  // Tells the answer in last_.
  void writeAnswer();

  MonitorWrap* monitor_ = nullptr;
  selection::Selector selector_;
  // To the last question; null when that has none to be read.
  const selection::NumberedDecision* last_ = nullptr;
  // These keep the monitor and the memory alive.
  Napi::ObjectReference monitorObject_;
  Napi::ObjectReference array_;
  std::span<std::uint32_t> words_;
  contract::Packer packer_;
};

}  // namespace mif::binding
