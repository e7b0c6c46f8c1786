// SPDX-License-Identifier: MIT
// A program that does nothing but watch its own timer for a second: how late the timer comes here because of the machine.

const tickMs = 1;
let lagMs = 0;
let last = performance.now();
const watch = setInterval(() => {
  const now = performance.now();
  lagMs = Math.max(lagMs, now - last - tickMs);
  last = now;
}, tickMs);

setTimeout(() => {
  clearInterval(watch);
  console.log(JSON.stringify({ lagMs }));
}, 1000);
