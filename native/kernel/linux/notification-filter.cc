// SPDX-License-Identifier: MIT
#include "kernel/linux/notification-filter.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>

#include <cstddef>
#include <cstdint>

namespace mif::kernel {

using contract::Observation;
using contract::RouteDetail;

namespace {

// Loads of the filter are big-endian and messages are in host order (trap A17), so what it compares with is swapped.
std::uint32_t swapped16(std::uint16_t value) {
  return htons(value);
}
std::uint32_t swapped32(std::uint32_t value) {
  return htonl(value);
}

// Offsets within a notification of a route.
constexpr std::uint32_t kType = offsetof(nlmsghdr, nlmsg_type);
constexpr std::uint32_t kFlags = offsetof(nlmsghdr, nlmsg_flags);
constexpr std::uint32_t kLength = NLMSG_HDRLEN + offsetof(rtmsg, rtm_dst_len);
constexpr std::uint32_t kTable = NLMSG_HDRLEN + offsetof(rtmsg, rtm_table);
constexpr std::uint32_t kRouteType = NLMSG_HDRLEN + offsetof(rtmsg, rtm_type);
constexpr std::uint32_t kAttributes = NLMSG_SPACE(sizeof(rtmsg));

// A program is at most 4096 instructions, two for a table; beyond this many they are told apart in this process.
constexpr std::size_t kMostTables = 1000;

constexpr std::uint32_t kPassed = 0xffffffff;
constexpr std::uint32_t kDropped = 0;

class Program {
 public:
  void load(std::uint16_t size, std::uint32_t offset) { add(BPF_LD | size | BPF_ABS, offset); }
  // Skips instructions, so many where the comparison holds and so many where it does not.
  void jump(std::uint16_t comparison, std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
    code_.push_back({static_cast<std::uint16_t>(BPF_JMP | comparison | BPF_K), yes, no, value});
  }
  void answer(std::uint32_t bytes) { add(BPF_RET | BPF_K, bytes); }
  void answerIf(std::uint16_t comparison, std::uint32_t value, std::uint32_t bytes) {
    jump(comparison, value, 0, 1);
    answer(bytes);
  }
  void add(std::uint16_t operation, std::uint32_t value) { code_.push_back({operation, 0, 0, value}); }

  std::vector<sock_filter> take() { return std::move(code_); }

 private:
  std::vector<sock_filter> code_;
};

void passOtherMessages(Program& program) {
  program.load(BPF_H, kType);
  program.jump(BPF_JEQ, swapped16(RTM_NEWROUTE), 2, 0);
  program.jump(BPF_JEQ, swapped16(RTM_DELROUTE), 1, 0);
  program.answer(kPassed);
}

void dropKernelsOwn(Program& program) {
  program.load(BPF_B, kTable);
  program.jump(BPF_JEQ, RT_TABLE_LOCAL, 0, 6);
  program.load(BPF_B, kRouteType);
  program.jump(BPF_JGE, RTN_LOCAL, 0, 4);
  program.jump(BPF_JGT, RTN_MULTICAST, 3, 0);
  // It may take the place of one that is observed.
  program.load(BPF_H, kFlags);
  program.jump(BPF_JSET, swapped16(NLM_F_REPLACE), 1, 0);
  program.answer(kDropped);
}

void passTables(Program& program, const std::vector<std::uint32_t>& tables) {
  // The table by its attribute: the byte in the header says nothing above 255 (trap D10).
  program.add(BPF_LD | BPF_IMM, kAttributes);
  program.add(BPF_LDX | BPF_IMM, RTA_TABLE);
  program.add(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_NLATTR));
  // Every kernel that this runs on sends it. One that does not is told apart in this process.
  program.answerIf(BPF_JEQ, 0, kPassed);
  program.add(BPF_MISC | BPF_TAX, 0);
  program.add(BPF_LD | BPF_W | BPF_IND, sizeof(rtattr));
  for (const std::uint32_t table : tables) program.answerIf(BPF_JEQ, swapped32(table), kPassed);
  program.answer(kDropped);
}

}  // namespace

std::vector<sock_filter> notificationFilter(const Observation& observation) {
  if (observation.isEverything()) return {};
  Program program;
  passOtherMessages(program);
  if (observation.detail == RouteDetail::kDefaults) {
    program.load(BPF_B, kLength);
    program.answerIf(BPF_JGT, Observation::kDefaultLength, kDropped);
  }
  if (observation.detail != RouteDetail::kAll) dropKernelsOwn(program);
  if (!observation.tables.empty() && observation.tables.size() <= kMostTables) {
    passTables(program, observation.tables);
  }
  program.answer(kPassed);
  return program.take();
}

}  // namespace mif::kernel
