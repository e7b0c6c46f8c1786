// SPDX-License-Identifier: MIT
// A program that does nothing but watch its own timer for a second: how late the timer comes here because of the machine.

import { watchTimer } from './lateness.mjs';

const endWatch = watchTimer();
setTimeout(() => console.log(JSON.stringify({ lagMs: endWatch() })), 1000);
