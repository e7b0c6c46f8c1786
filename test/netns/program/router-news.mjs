// SPDX-License-Identifier: MIT
// What a process without privilege hears of routers: prints the refusal of whole advertisements, then the first option that the
// kernel passes on, and ends.

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const native = createRequire(import.meta.url)('node-gyp-build')(fileURLToPath(new URL('../../../', import.meta.url)));
const monitor = native.openMonitor({ settleMs: 0, onWake: () => monitor.snapshot() });

try {
  monitor.openRouterListener({ news: 'advertisements', onReady: () => {} });
} catch ({ code, message }) {
  console.log(JSON.stringify({ code, message }));
}

// A listener alone keeps no program alive.
const timer = setInterval(() => {}, 1_000);
const listener = monitor.openRouterListener({
  news: 'options',
  onReady: () => {
    const [first] = listener.receive().news.filter(({ router }) => router !== '');
    if (first === undefined) return;
    console.log(JSON.stringify({ ...first, data: Buffer.from(first.data).toString('hex') }));
    clearInterval(timer);
    monitor.close();
  },
});
