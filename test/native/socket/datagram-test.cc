// SPDX-License-Identifier: MIT
#include "socket/datagram.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <string_view>
#include <vector>

#include "kernel/private-namespace.h"
#include "test.h"

namespace {

using mif::address::IpAddress;
using mif::base::ErrorCode;
using mif::base::UniqueFd;
using namespace mif::socket;
using namespace mif::test;

constexpr std::uint32_t kLoopback = 1;
const IpAddress kHere = IpAddress::parse("127.0.0.1");
const IpAddress kHere6 = IpAddress::parse("::1");

BindRequest request(std::uint8_t family, std::uint32_t interfaceIndex = 0, std::uint16_t port = 0) {
  BindRequest asked;
  asked.family = family;
  asked.type = SocketType::kDatagram;
  asked.interfaceIndex = interfaceIndex;
  asked.sourcePort = port;
  return asked;
}

UniqueFd open(const BindRequest& asked) {
  auto bound = createBoundSocket(asked);
  MIF_CHECK(bound.ok());
  if (!bound) return UniqueFd();
  MIF_CHECK(tellArrivals(bound.value().get(), asked.family).ok());
  return bound.take();
}

std::uint16_t portOf(int fd) {
  const auto name = localName(fd);
  return name ? name.value().port : 0;
}

std::span<const std::byte> bytesOf(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string textOf(const Arrival& arrival) {
  std::string text;
  for (const std::byte byte : arrival.data) text.push_back(static_cast<char>(byte));
  return text;
}

// What has arrived within a second.
std::vector<Arrival> arrivalsAt(int fd, ReceiveBuffer& buffer, std::size_t longest = ReceiveBuffer::kSlotSize) {
  pollfd wanted = {fd, POLLIN, 0};
  (void)poll(&wanted, 1, 1000);
  std::vector<Arrival> arrivals;
  MIF_CHECK(receive(fd, buffer, longest, arrivals).ok());
  return arrivals;
}

Departure to(const IpAddress& destination, std::uint16_t port) {
  Departure departure;
  departure.destination = destination;
  departure.port = port;
  return departure;
}

}  // namespace

MIF_TEST("datagram: tells the sender, the address that it was sent to, and the interface") {
  const bool isPrivileged = inPrivateNamespace([] {
    ReceiveBuffer buffer;
    for (const IpAddress& here : {kHere, kHere6}) {
      const UniqueFd from = open(request(here.family()));
      const UniqueFd at = open(request(here.family()));
      MIF_REQUIRE(from.isOpen() && at.isOpen());
      const auto sent = send(from.get(), to(here, portOf(at.get())), 0, bytesOf("ping"));
      MIF_CHECK(sent.ok() && sent.value());
      const auto arrivals = arrivalsAt(at.get(), buffer);
      MIF_REQUIRE(arrivals.size() == 1);
      MIF_CHECK_EQUAL(textOf(arrivals[0]), "ping");
      MIF_CHECK_EQUAL(arrivals[0].size, std::size_t{4});
      MIF_CHECK_EQUAL(arrivals[0].source, here);
      MIF_CHECK_EQUAL(arrivals[0].sourcePort, portOf(from.get()));
      MIF_CHECK_EQUAL(arrivals[0].destination, here);
      MIF_CHECK_EQUAL(arrivals[0].interfaceIndex, kLoopback);
    }
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("datagram: leaves from the source that is named, and not from one that nobody has") {
  const bool isPrivileged = inPrivateNamespace([] {
    ip("addr add 192.0.2.1/32 dev lo");
    ReceiveBuffer buffer;
    const UniqueFd from = open(request(4));
    const UniqueFd at = open(request(4));
    Departure departure = to(kHere, portOf(at.get()));
    departure.source = IpAddress::parse("192.0.2.1");
    departure.interfaceIndex = kLoopback;
    MIF_CHECK(send(from.get(), departure, 0, bytesOf("x")).ok());
    const auto arrivals = arrivalsAt(at.get(), buffer);
    MIF_REQUIRE(arrivals.size() == 1);
    MIF_CHECK_EQUAL(arrivals[0].source, departure.source);
    departure.source = IpAddress::parse("192.0.2.2");
    const auto refused = send(from.get(), departure, 0, bytesOf("x"));
    MIF_CHECK(!refused.ok() && refused.error().code == ErrorCode::kKernel && refused.error().systemError != 0);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("datagram: one that is too long is cut, and its length is told; an empty one is one too") {
  const bool isPrivileged = inPrivateNamespace([] {
    ReceiveBuffer buffer;
    const UniqueFd from = open(request(4));
    const UniqueFd at = open(request(4));
    for (const std::string_view text : {"0123456789", "", "01"}) {
      MIF_CHECK(send(from.get(), to(kHere, portOf(at.get())), 0, bytesOf(text)).ok());
    }
    const auto arrivals = arrivalsAt(at.get(), buffer, 4);
    MIF_REQUIRE(arrivals.size() == 3);
    MIF_CHECK_EQUAL(textOf(arrivals[0]), "0123");
    MIF_CHECK_EQUAL(arrivals[0].size, std::size_t{10});
    MIF_CHECK_EQUAL(arrivals[1].size, std::size_t{0});
    MIF_CHECK_EQUAL(textOf(arrivals[2]), "01");
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("datagram: no more are taken at once than there are slots, and nothing is no error") {
  const bool isPrivileged = inPrivateNamespace([] {
    ReceiveBuffer buffer;
    const UniqueFd from = open(request(4));
    const UniqueFd at = open(request(4));
    constexpr std::size_t kMany = ReceiveBuffer::kSlots + 3;
    for (std::size_t n = 0; n < kMany; ++n) {
      MIF_CHECK(send(from.get(), to(kHere, portOf(at.get())), 0, bytesOf("x")).ok());
    }
    MIF_CHECK_EQUAL(arrivalsAt(at.get(), buffer).size(), ReceiveBuffer::kSlots);
    MIF_CHECK_EQUAL(arrivalsAt(at.get(), buffer).size(), std::size_t{3});
    std::vector<Arrival> none;
    MIF_CHECK(receive(at.get(), buffer, ReceiveBuffer::kSlotSize, none).ok());
    MIF_CHECK(none.empty());
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("datagram: a refusal of the peer is an error with its number, once") {
  const bool isPrivileged = inPrivateNamespace([] {
    ReceiveBuffer buffer;
    const UniqueFd from = open(request(4));
    MIF_CHECK(mif::socket::connect(from.get(), kHere, 9, 0).ok());
    MIF_CHECK(send(from.get(), {}, 0, bytesOf("x")).ok());
    pollfd wanted = {from.get(), POLLIN, 0};
    (void)poll(&wanted, 1, 1000);
    std::vector<Arrival> none;
    const auto refused = receive(from.get(), buffer, ReceiveBuffer::kSlotSize, none);
    MIF_CHECK(!refused.ok() && refused.error().systemError == ECONNREFUSED);
    MIF_CHECK(receive(from.get(), buffer, ReceiveBuffer::kSlotSize, none).ok());
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("datagram: disconnecting keeps the device and the port, which the kernel forgets (F13)") {
  const bool isPrivileged = inPrivateNamespace([] {
    for (const std::uint16_t port : {std::uint16_t{0}, std::uint16_t{4711}}) {
      const BindRequest asked = request(4, kLoopback, port);
      const UniqueFd fd = open(asked);
      const std::uint16_t before = portOf(fd.get());
      MIF_CHECK(mif::socket::connect(fd.get(), kHere, 9, 0).ok());
      MIF_CHECK(disconnect(fd.get(), asked).ok());
      MIF_CHECK_EQUAL(deviceOf(fd.get()).value(), kLoopback);
      MIF_CHECK_EQUAL(portOf(fd.get()), before);
      // It hears again, anybody.
      ReceiveBuffer buffer;
      const UniqueFd from = open(request(4));
      MIF_CHECK(send(from.get(), to(kHere, before), 0, bytesOf("x")).ok());
      MIF_CHECK_EQUAL(arrivalsAt(fd.get(), buffer).size(), std::size_t{1});
      // What the kernel does on its own, for which all this is.
      MIF_CHECK(mif::socket::connect(fd.get(), kHere, 9, 0).ok());
      sockaddr nobody{};
      nobody.sa_family = AF_UNSPEC;
      MIF_CHECK_EQUAL(::connect(fd.get(), &nobody, sizeof(nobody)), 0);
      MIF_CHECK_EQUAL(deviceOf(fd.get()).value(), 0u);
    }
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("datagram: disconnecting fails when the device has gone meanwhile (F5)") {
  const bool isPrivileged = inPrivateNamespace([] {
    ip("link add t0 index 70 type veth peer name t1\nlink set t0 up\nlink set t1 up\naddr add 192.0.2.1/24 dev t0");
    const BindRequest asked = request(4, 70);
    const UniqueFd fd = open(asked);
    MIF_CHECK(mif::socket::connect(fd.get(), IpAddress::parse("192.0.2.9"), 9, 0).ok());
    ip("link del t0");
    const auto refused = disconnect(fd.get(), asked);
    MIF_CHECK(!refused.ok() && refused.error().code == ErrorCode::kInterfaceNotFound);
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}

MIF_TEST("datagram: joins and leaves groups; what is none, and where none is, is refused") {
  const bool isPrivileged = inPrivateNamespace([] {
    const UniqueFd fd = open(request(4));
    const IpAddress group = IpAddress::parse("239.1.2.3");
    MIF_CHECK(join(fd.get(), group, kLoopback).ok());
    MIF_CHECK(leave(fd.get(), group, kLoopback).ok());
    MIF_CHECK(join(fd.get(), group, kLoopback).ok());
    const auto nowhere = join(fd.get(), group, 999);
    MIF_CHECK(!nowhere.ok() && nowhere.error().code == ErrorCode::kInterfaceNotFound);
    const auto none = join(fd.get(), kHere, kLoopback);
    MIF_CHECK(!none.ok() && none.error().code == ErrorCode::kInvalidArg);
    const UniqueFd fd6 = open(request(6));
    MIF_CHECK(join(fd6.get(), IpAddress::parse("ff02::4711"), kLoopback).ok());
  });
  if (!isPrivileged) MIF_SKIP(kPrivilege);
}
