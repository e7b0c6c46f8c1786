// SPDX-License-Identifier: MIT
// Closing: twice, in the callback, with attempts under way, and what is answered afterwards.

import { native, openLive, report, stir, until } from './native.mjs';

const codeOf = (call) => {
  try {
    call();
    return 'none';
  } catch (error) {
    return error.code;
  }
};

let callsAfterClose = 0;
let isClosed = false;
const monitor = await openLive((self) => {
  if (isClosed) callsAfterClose += 1;
  if (self.outcomes().length === 0) return;
  // Another is under way, and its wake may be on its way to this thread already.
  stir(self);
  self.close();
  self.close();
  isClosed = true;
});
stir(monitor);
await until('the callback to close the monitor', () => isClosed);

// Another monitor's whole life passes; a wake of the first would have come before its end.
const other = await openLive();
const { users } = other.stats();
stir(other);
await until('an outcome of the other monitor', () => other.outcomes().length > 0);
other.close();

report({
  callsAfterClose,
  users,
  state: monitor.state(),
  failure: monitor.failure() ?? null,
  outcomes: monitor.outcomes(),
  snapshot: codeOf(() => monitor.snapshot()),
  stats: codeOf(() => monitor.stats()),
  capabilities: codeOf(() => monitor.capabilities()),
  connect: codeOf(() => stir(monitor)),
  createBoundSocket: codeOf(() => monitor.createBoundSocket({ family: 4, type: 'stream', interfaceIndex: 0 })),
  hold: codeOf(() => monitor.hold(true)),
  cancelConnect: codeOf(() => monitor.cancelConnect(1)),
  closed: codeOf(() => native.openMonitor({ settleMs: 0, onWake() {} }).close()),
});
