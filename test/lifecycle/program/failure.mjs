// SPDX-License-Identifier: MIT
// A process that has no descriptors left: some monitors are refused, others open and end by themselves.
//   failure.mjs    lowers its own limit, with `prlimit`

import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { live, open, openLive, report, until } from './native.mjs';

const limit = 128;
const closed = 4;
/** A monitor with its callback needs fewer. */
const mostSpare = 16;

// So that everything that is loaded once is there.
(await openLive()).close();
const { status, stderr } = spawnSync('prlimit', ['--pid', String(process.pid), `--nofile=${limit}:${limit}`]);
if (status !== 0) throw new Error(String(stderr));

const refused = [];
const failures = [];
let spare = 0;
for (let isLive = false; !isLive && spare < mostSpare; spare++) {
  const files = [];
  try {
    for (;;) files.push(openSync('/dev/null'));
  } catch (error) {
    if (error.code !== 'EMFILE') throw error;
  }
  for (const file of files.splice(0, spare)) closeSync(file);
  try {
    const monitor = open();
    monitor.hold(true);
    await until('an end or a beginning', () => [live, closed].includes(monitor.state()));
    isLive = monitor.state() === live;
    if (!isLive) failures.push(monitor.failure());
    monitor.close();
  } catch (error) {
    refused.push({ ...error, message: error.message });
  }
  for (const file of files) closeSync(file);
}
report({ isLiveAtLast: spare < mostSpare, refused, failures });
