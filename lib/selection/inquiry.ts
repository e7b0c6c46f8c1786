// SPDX-License-Identifier: MIT
// What was found out about a question beside its answer: what an explanation is made of.

import type { MifErrorCode, Selection, SelectionAccount } from '../binding/contract.gen.ts';
import type { Interface } from '../snapshot/change.ts';
import type { Path } from './path.ts';

/** What another interface would do for the traffic. */
export interface Alternative {
  readonly interface: Interface;
  /** Its addresses of the family. */
  readonly addresses: readonly string[];
  /** Of a socket that is held to it. */
  readonly selection: Selection;
  /** What keeps such a socket from being used, whatever the routes say. */
  readonly obstacle?: string | undefined;
  /** Why it is out before anything is asked: not what `via` names, or named and refused. */
  readonly excluded?: string | undefined;
  /** A mark, a user or a source with which the system itself would choose it. */
  readonly change?: string | undefined;
}

/** What was found out about a question. */
export interface Inquiry {
  readonly chosen: Path | null;
  /** Why nothing was. */
  readonly error?:
    | { readonly code: MifErrorCode; readonly message: string; readonly hint?: string | undefined }
    | undefined;
  /** Of the selection; absent when none was made. */
  readonly account?: SelectionAccount | undefined;
  /** Interface that was asked, where one was named. */
  readonly asked?: string | undefined;
  /** Id of the provisioning domain that was asked, where one was named. */
  readonly pvd?: string | undefined;
  /** Other sources with which the traffic would leave by the chosen interface, too. */
  readonly usable: ReadonlySet<string>;
  readonly alternatives: readonly Alternative[];
}
