// SPDX-License-Identifier: MIT
// The library's side of a trial: a host in a process of its own (subject.mjs), so that faults can stand between it and
// the kernel and that it can be put to sleep; and what its changes add up to.

import { fileURLToPath } from 'node:url';
import type { HostStats } from '../../lib/host/host.ts';
import type { Snapshot } from '../../lib/snapshot/change.ts';
import type { Lab } from '../lab/lab.ts';
import { Ledger, type Told } from '../lab/ledger.ts';
import { Conversation } from '../lab/conversation.ts';

const program = fileURLToPath(new URL('subject.mjs', import.meta.url));

/** Takes every capability away, but not the owner of files: a socket then gets no larger buffer than anybody's. */
const withoutPrivilege = ['setpriv', '--inh-caps', '-all', '--bounding-set', '-all', '--no-new-privs'];

/** A snapshot as JSON has it, whose tables are arrays, and the host's counters. */
export type Picture = Snapshot & { stats: HostStats };

/** Library and file of FaultLedger. */
export interface Interposition {
  library: string;
  ledger: string;
}

export class Subject {
  readonly #conversation: Conversation;
  #ledger: Ledger | undefined;

  private constructor(lab: Lab, node: string, faults: Interposition | undefined) {
    const environment = faults ? [`LD_PRELOAD=${faults.library}`, `MIF_FAULTS=${faults.ledger}`] : [];
    this.#conversation = new Conversation(
      [
        'nsenter',
        `--net=${lab.path(node)}`,
        '--',
        ...(faults ? withoutPrivilege : []),
        'env',
        ...environment,
        process.execPath,
        program,
      ],
      (told: Told) => this.#ledger?.apply(told),
    );
  }

  /** @param faults absent: it has every privilege, and nothing stands between it and the kernel */
  static async start(lab: Lab, node: string, faults: Interposition | undefined): Promise<Subject> {
    const subject = new Subject(lab, node, faults);
    // What was told before is part of the picture.
    await subject.#conversation.ask('look', (first: Picture) => {
      subject.#ledger = new Ledger(first);
    });
    return subject;
  }

  /** Its picture, and where the changes told before do not add up to it. */
  look(): Promise<{ picture: Picture; miscounts: string[] }> {
    return this.#conversation.ask('look', (picture: Picture) => ({
      picture,
      miscounts: this.#ledger!.disagreements(picture),
    }));
  }

  sleep(): Promise<void> {
    return this.#conversation.suspend();
  }

  wake(): void {
    this.#conversation.resume();
  }

  end(): Promise<void> {
    this.wake();
    return this.#conversation.end();
  }
}
