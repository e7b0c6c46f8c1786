// SPDX-License-Identifier: MIT
// How late a timer comes on the JavaScript thread: for how long anything else would have waited there.

const tickMs = 1;

/** Watches a timer from now on; the returned function ends that and tells how late it came at most, milliseconds. */
export function watchTimer() {
  let mostMs = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    mostMs = Math.max(mostMs, now - last - tickMs);
    last = now;
  };
  const timer = setInterval(look, tickMs);
  return () => {
    look();
    clearInterval(timer);
    return mostMs;
  };
}
