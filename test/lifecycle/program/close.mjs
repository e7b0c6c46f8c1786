// SPDX-License-Identifier: MIT
// Closing: twice, in the callback, with wakes on their way, and what is answered afterwards.

import { native, open, openLive, openWoken, report, until } from './native.mjs';

const codeOf = (call) => {
  try {
    call();
    return 'none';
  } catch (error) {
    return error.code;
  }
};

let callsAfterClose = 0;
let closer;
const onWake = (self) => {
  if (closer !== undefined) callsAfterClose += 1;
  else if (handles !== undefined) closeAll(self);
};
function closeAll(self) {
  for (const handle of handles) {
    handle.close();
    handle.close();
  }
  closer = self;
}
let handles;
const first = await openLive(onWake);
handles = [first, ...openWoken(20, first, onWake)];
await until('the callback of one to close all of them', () => closer !== undefined);

// Another monitor's whole life passes; a wake of the others would have come before its end.
const other = await openLive();
const { users } = other.stats();
let isWoken = false;
const last = open(() => {
  isWoken = true;
});
await until('a wake of the other monitor', () => isWoken);
last.close();
other.close();

report({
  callsAfterClose,
  users,
  state: closer.state(),
  failure: closer.failure() ?? null,
  snapshot: codeOf(() => closer.snapshot()),
  stats: codeOf(() => closer.stats()),
  capabilities: codeOf(() => closer.capabilities()),
  lookUpInterface: codeOf(() => closer.lookUpInterface('lo')),
  createSelector: codeOf(() => closer.createSelector(new Uint32Array(64))),
  createBoundSocket: codeOf(() => closer.createBoundSocket(4, 0, 0, '', undefined, 0)),
  hold: codeOf(() => closer.hold(true)),
  closed: codeOf(() => native.openMonitor({ settleMs: 0, onWake() {} }).close()),
});
