// SPDX-License-Identifier: MIT
#include "selection/inquiry.h"

#include <algorithm>
#include <span>

#include "address/scope.h"
#include "selection/unbound-source.h"

namespace mif::selection {

namespace {

using contract::RouteAnswer;
using contract::RouteQuestion;
using contract::RouteRefusal;
using contract::RouteType;
using contract::Verdict;

// What each refusal of the kernel may mean; the first where nobody knows better.
std::span<const Verdict> meaningsOf(RouteRefusal refusal) {
  static constexpr Verdict kOfNoRoute[] = {Verdict::kNoRoute, Verdict::kUnreachable, Verdict::kInterfaceDown,
                                           Verdict::kSourceNotLocal};
  static constexpr Verdict kOfUnreachable[] = {Verdict::kUnreachable};
  static constexpr Verdict kOfProhibited[] = {Verdict::kProhibited};
  static constexpr Verdict kOfInvalid[] = {Verdict::kBlackholed, Verdict::kSourceNotLocal, Verdict::kSourceInvalid};
  static constexpr Verdict kOfNoDevice[] = {Verdict::kInterfaceNotFound, Verdict::kSourceNotLocal};
  switch (refusal) {
    case RouteRefusal::kUnreachable:
      return kOfUnreachable;
    case RouteRefusal::kProhibited:
      return kOfProhibited;
    case RouteRefusal::kInvalid:
      return kOfInvalid;
    case RouteRefusal::kNoDevice:
      return kOfNoDevice;
    case RouteRefusal::kNone:
    case RouteRefusal::kNoRoute:
      break;
  }
  return kOfNoRoute;
}

Decision refusedBy(RouteRefusal refusal, Verdict expected) {
  const std::span<const Verdict> meanings = meaningsOf(refusal);
  Decision decision;
  decision.verdict = std::ranges::find(meanings, expected) != meanings.end() ? expected : meanings.front();
  return decision;
}

RouteQuestion questionOf(const Flow& flow) {
  RouteQuestion question;
  question.destination = flow.destination;
  question.source = flow.source;
  question.device = flow.device;
  question.mark = flow.mark;
  question.uid = flow.uid;
  question.trafficClass = flow.trafficClass;
  question.protocol = flow.protocol;
  question.sourcePort = flow.sourcePort;
  question.destinationPort = flow.destinationPort;
  return question;
}

// Where IPv4 finds no route by the interface that is named, it looks for the destination on the link (trap F3): no
// table has decided then, although one should have.
bool isAssumedOnLink(const Flow& flow, const RouteAnswer& answer) {
  if (flow.family() != 4 || flow.device == 0 || answer.table != 0) return false;
  constexpr std::uint32_t kLocalMulticast = 0xe0000000;
  const std::uint32_t destination = flow.destination.group(0);
  const bool needsNoRoute =
      destination == 0 || destination == 0xffffffff || (destination >> 8) == (kLocalMulticast >> 8);
  return !needsNoRoute;
}

Decision decisionOf(const RouteAnswer& answer, const Flow& flow, const Inquiry& inquiry, const Inventory& inventory) {
  const Decision& expected = inquiry.expected;
  if (answer.refusal != RouteRefusal::kNone) return refusedBy(answer.refusal, expected.verdict);
  Decision decision;
  decision.isAssumedOnLink = isAssumedOnLink(flow, answer);
  if (decision.isAssumedOnLink && inquiry.isHeld) return refusedBy(RouteRefusal::kNoRoute, expected.verdict);
  decision.verdict = Verdict::kPath;
  decision.type = answer.type;
  decision.index = answer.index;
  decision.table = answer.table;
  decision.metric = answer.metric;
  const Device* device = inventory.device(answer.index.value_or(0));
  decision.mtu = answer.mtu != 0 || device == nullptr ? answer.mtu : device->mtu;
  // It has chosen among several.
  decision.ways = answer.table == 0 ? 0 : 1;
  // What it would choose is of no use to who has one.
  decision.source = flow.source.isPresent() ? flow.source : answer.source;
  decision.gateway = answer.gateway;
  // Not told. Where the tables lead to the same table, it is as they have it.
  decision.isBySource = expected.isPath() && expected.table == answer.table && expected.isBySource;
  return decision;
}

// Asks of one family as its sockets ask.
class Inquirer {
 public:
  Inquirer(const Inquiry& inquiry, const Inventory& inventory, const AskKernel& ask)
      : inquiry_(inquiry), inventory_(inventory), ask_(ask) {}

  // As ip_route_connect.
  base::Result<Decision> ipv4() const {
    base::Result<Decision> first = decide(inquiry_.flow);
    if (!first || !inquiry_.mindsSource) return first;
    const Decision& decision = first.value();
    if (!decision.isPath() || !decision.source.isPresent()) return first;
    Flow again = inquiry_.flow;
    again.source = decision.source;
    return decide(again);
  }

  // As ip6_dst_lookup_tail.
  base::Result<Decision> ipv6() const {
    base::Result<Decision> first = inquiry_.isHeld ? held() : decide(inquiry_.flow);
    if (!first || inquiry_.isHeld) return first;
    if (first.value().isPath()) {
      // EADDRNOTAVAIL of connect(2).
      if (!first.value().source.isPresent()) first.value().verdict = Verdict::kNoSource;
      return first;
    }
    if (inquiry_.flow.source.isPresent()) return first;
    // Nothing leads there from nowhere; from an address of some interface something may.
    Flow again = inquiry_.flow;
    std::uint32_t doubts = 0;
    again.source = ipv6SourceFor(inventory_, inquiry_.flow, nullptr, doubts, nullptr);
    return again.source.isPresent() ? decide(again) : first;
  }

 private:
  base::Result<Decision> decide(const Flow& flow) const {
    const base::Result<RouteAnswer> answer = ask_(questionOf(flow));
    if (!answer) return answer.error();
    return decisionOf(answer.value(), flow, inquiry_, inventory_);
  }

  // A question with interface and source only prefers the interface, because no socket is bound to it; without source
  // it means it (ip6_route_output_flags). So an answer that leaves by another is asked for again.
  base::Result<Decision> held() const {
    const Flow& flow = inquiry_.flow;
    base::Result<Decision> first = decide(flow);
    if (!first || (first.value().isPath() && first.value().index == flow.device)) return first;
    // For this host itself, by whichever interface.
    if (first.value().isPath() && inquiry_.expected.isPath() && first.value().index == inquiry_.expected.index) {
      return first;
    }
    Flow open = flow;
    open.source = {};
    base::Result<Decision> second = decide(open);
    if (second && second.value().isPath()) {
      second.value().source = flow.source;
      second.value().doubts |= contract::SelectionDoubt::kSourceNotAsked;
    }
    return second;
  }

  const Inquiry& inquiry_;
  const Inventory& inventory_;
  const AskKernel& ask_;
};

}  // namespace

base::Result<Decision> inquire(const Inquiry& inquiry, const Inventory& inventory, const AskKernel& ask) {
  if (inquiry.isDecided) return inquiry.expected;
  const Inquirer inquirer(inquiry, inventory, ask);
  return inquiry.flow.family() == 4 ? inquirer.ipv4() : inquirer.ipv6();
}

}  // namespace mif::selection
