// SPDX-License-Identifier: MIT
// The monitor's numbers: ours to choose, each with its unit and why.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mif::monitor::limits {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// Bytes to ask for to queue notifications. Doubled by the kernel this holds 80,000 route events, 200 ms of the fastest
// storm measured, for which the thread may have to wait on a machine with more work than processors; the default holds
// 256. Memory that nothing waits in is not used.
inline constexpr std::size_t kReceiveBuffer = 32 * 1024 * 1024;

// Bytes of notifications kept in user space while a dump is read. A dump of a million routes takes 0.7 s, in which the
// kernel can announce 270,000 changes of 60 to 140 bytes.
inline constexpr std::size_t kHeldNotifications = 32 * 1024 * 1024;

// Datagrams applied before a reader may have its turn: about 30 us.
inline constexpr std::uint32_t kDatagramsPerTurn = 64;

// When this many notifications came within the time below, let the next gather for that long: it takes a third off the
// work per notification and makes the producer faster. One address that comes is two to four; whatever comes more
// slowly is delivered at once.
inline constexpr std::uint32_t kGatherDatagrams = 8;
inline constexpr milliseconds kGather{1};
// The same after kStormDrains readings in a row found so much each; fewer are somebody at work, who is not kept
// waiting.
inline constexpr milliseconds kGatherInStorm{5};
inline constexpr std::uint32_t kStormDrains = 20;
inline constexpr std::uint32_t kStormDatagrams = 32;
// Only with a receive buffer, bytes, that holds what comes in the meantime.
inline constexpr std::uint32_t kGatherBuffer = 4 * 1024 * 1024;

// A dump under churn is repeated, at most so often and not after it took so long. One of 200,000 IPv6 routes under
// churn took 6.5 s: repeating that at once would never end.
inline constexpr std::uint32_t kDumpAttempts = 5;
inline constexpr milliseconds kDumpPatience{1000};
// What all attempts together listed is believed if there were so many: each loses an entry only at a seam of its
// datagrams, and has its seams elsewhere. With fewer the tables are not said to be synced. Either way the kind is
// dumped again later.
inline constexpr std::uint32_t kEnoughAttempts = 4;
// Before the second attempt; doubles.
inline constexpr milliseconds kDumpPause{2};

// Tables made doubtful by an event are dumped again before subscribers hear of that event, unless it takes longer.
inline constexpr milliseconds kRepairGrace{10};
// Between two such repairs pass so many times the duration of the last, so that they take a fifth of a processor at
// most, however a link flaps.
inline constexpr int kRepairRest = 4;
// After a dump that was never consistent, at least this long; doubles each time up to the second figure.
inline constexpr milliseconds kDoubtPause{100};
inline constexpr milliseconds kDoubtPauseLimit{60'000};

// Each kind is compared with the kernel as a whole so long after the last time, because some of what the kernel does in
// silence follows from nothing that it announces (traps B2, D18, D22).
inline constexpr milliseconds kAuditPause{60'000};
// But not before so many times what the last time took, a thousandth of a processor: with a million routes that is a
// quarter of an hour.
inline constexpr int kAuditRest = 1000;
// Only when nothing was announced for that long, so that a rush is not held up.
inline constexpr milliseconds kAuditQuiet{20};
// After a comparison that was disturbed, at least so long before the next.
inline constexpr milliseconds kAuditRetry{1000};

// After a loss during a resync, before it begins again; doubles up to the second figure.
inline constexpr milliseconds kResyncPause{5};
inline constexpr milliseconds kResyncPauseLimit{1000};
// Failed resyncs in a row, by errors and not by losses, after which the monitor closes: half a minute with the pauses.
inline constexpr std::uint32_t kResyncErrors = 32;

}  // namespace mif::monitor::limits
