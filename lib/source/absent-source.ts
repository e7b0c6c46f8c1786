// SPDX-License-Identifier: MIT
// A source that cannot be here, and says why.

import type { RecordOrigin } from '../pvd/record.ts';
import type { RecordSource, SourceState } from '../pvd/source.ts';

export class AbsentSource implements RecordSource {
  readonly origin: RecordOrigin;
  readonly state: SourceState;
  readonly nextDeadline = undefined;

  constructor(origin: RecordOrigin, state: SourceState) {
    this.origin = origin;
    this.state = state;
  }

  takeChanged(): [] {
    return [];
  }

  records(): readonly [] {
    return none;
  }

  followInterfaces(): void {}

  expire(): void {}

  close(): void {}
}

const none: readonly [] = Object.freeze([]) as readonly [];
