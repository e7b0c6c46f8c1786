// SPDX-License-Identifier: MIT
#include "address/scope.h"

#include <array>

#include "test.h"

namespace {

using mif::address::IpAddress;
using mif::address::Scope;
using mif::address::scopeOf;

struct Row {
  const char* address;
  Scope scope;
};

template <std::size_t n>
void checkScopes(const std::array<Row, n>& rows) {
  for (const Row& row : rows) {
    if (scopeOf(IpAddress::parse(row.address)) != row.scope) mif::test::fail(__FILE__, __LINE__, row.address);
  }
}

MIF_TEST("address/scope: unicast IPv6 maps onto the scopes of multicast (SAS-05)") {
  checkScopes(std::array<Row, 8>{{
      {"fe80::1", Scope::kLinkLocal},
      {"febf::1", Scope::kLinkLocal},
      {"fec0::1", Scope::kSiteLocal},
      {"feff::1", Scope::kSiteLocal},
      {"fc00::1", Scope::kGlobal},
      {"fd12:3456::1", Scope::kGlobal},
      {"2001:db8::1", Scope::kGlobal},
      {"fe00::1", Scope::kGlobal},
  }});
}

MIF_TEST("address/scope: multicast IPv6 says its scope itself (SAS-05)") {
  checkScopes(std::array<Row, 8>{{
      {"ff01::1", Scope::kInterfaceLocal},
      {"ff02::1", Scope::kLinkLocal},
      {"ff03::1", Scope::kRealmLocal},
      {"ff04::1", Scope::kAdminLocal},
      {"ff05::1", Scope::kSiteLocal},
      {"ff08::1", Scope::kOrganisationLocal},
      {"ff0e::1", Scope::kGlobal},
      // The flags beside the scope do not count.
      {"ff32::1", Scope::kLinkLocal},
  }});
}

MIF_TEST("address/scope: IPv4 is link-local for 169.254/16 and 127/8 and global for private ranges (SAS-06)") {
  checkScopes(std::array<Row, 8>{{
      {"169.254.0.1", Scope::kLinkLocal},
      {"127.255.0.1", Scope::kLinkLocal},
      {"169.253.255.255", Scope::kGlobal},
      {"169.255.0.0", Scope::kGlobal},
      {"10.0.0.1", Scope::kGlobal},
      {"172.16.0.1", Scope::kGlobal},
      {"192.168.0.1", Scope::kGlobal},
      {"100.64.0.1", Scope::kGlobal},
  }});
}

MIF_TEST("address/scope: IPv4 multicast has the administrative scopes of RFC 2365") {
  checkScopes(std::array<Row, 5>{{
      {"224.0.0.251", Scope::kLinkLocal},
      {"224.0.1.1", Scope::kGlobal},
      {"239.255.255.250", Scope::kRealmLocal},
      {"239.195.255.255", Scope::kOrganisationLocal},
      {"239.191.0.1", Scope::kGlobal},
  }});
}

MIF_TEST("address/scope: loopback is link-local and an address with IPv4 inside is global (SAS-07)") {
  checkScopes(std::array<Row, 5>{{
      {"::1", Scope::kLinkLocal},
      {"::2", Scope::kGlobal},
      {"::ffff:169.254.0.1", Scope::kGlobal},
      {"::169.254.0.1", Scope::kGlobal},
      {"2002:a9fe:1::1", Scope::kGlobal},
  }});
}

MIF_TEST("address/scope: the questions about an address agree at their edges") {
  using namespace mif::address;
  const auto at = [](const char* text) { return IpAddress::parse(text); };
  MIF_CHECK(isMulticast(at("224.0.0.0")) && isMulticast(at("239.255.255.255")) && isMulticast(at("ff00::")));
  MIF_CHECK(!isMulticast(at("223.255.255.255")) && !isMulticast(at("240.0.0.0")) && !isMulticast(at("feff::")));
  MIF_CHECK(isLoopback(at("127.0.0.1")) && isLoopback(at("::1")));
  MIF_CHECK(!isLoopback(at("128.0.0.1")) && !isLoopback(at("::")) && !isLoopback(at("1::1")));
  MIF_CHECK(isUnspecified(at("0.0.0.0")) && isUnspecified(at("::")));
  MIF_CHECK(!isUnspecified(IpAddress()) && !isUnspecified(at("::1")) && !isUnspecified(at("0.0.0.1")));
  MIF_CHECK(isUniqueLocal(at("fd00::1")) && isUniqueLocal(at("fc00::1")) && !isUniqueLocal(at("fe00::1")));
  MIF_CHECK(!isLinkLocal(IpAddress()) && scopeOf(IpAddress()) == Scope::kGlobal);
}

}  // namespace
