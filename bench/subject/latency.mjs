// SPDX-License-Identifier: MIT
// As peer/address-poll.c, by us: when a `change` listener sees each address event.

import { openHost } from 'node-mif';

const host = await openHost();
const seen = [];

function note(addresses, isDeleted, at) {
  for (const { address } of addresses ?? []) {
    const [first, second, third, fourth] = address.split('.').map(Number);
    if (first !== 10 || second !== 99) continue;
    const number = (third << 8) | fourth;
    seen.push([isDeleted ? -number - 1 : number, at]);
  }
}

host.on('change', ({ added, removed }) => {
  const at = Number(process.hrtime.bigint());
  note(added.addresses, false, at);
  note(removed.addresses, true, at);
});

console.log('ready', process.pid);
process.stdin.resume().on('end', () => {
  console.log(JSON.stringify({ seen }));
  process.exit(0);
});
