// SPDX-License-Identifier: MIT
// A descriptor with one owner, and what it is held to: closed, given away, or lost with its interface, whichever comes first.

import { MifError } from '../binding/mif-error.ts';
import { native } from '../binding/native.ts';
import type { PathHold } from './path-hold.ts';

export class HeldDescriptor {
  #fd: number;
  #hold: PathHold | undefined;

  /**
   * Owns the descriptor from now on.
   * @param hold - absent for one that is held to no interface.
   */
  constructor(fd: number, hold: PathHold | undefined) {
    this.#fd = fd;
    this.#hold = hold;
    // Nobody has it yet: closing it is all that can be done.
    hold?.whenLost(() => this.#close());
  }

  /** The descriptor; -1 once it was closed, given away or lost. */
  get fd(): number {
    return this.#fd;
  }

  /**
   * Gives the descriptor away, with nobody to end it when its interface ends.
   * @throws MifError ERR_MIF_CLOSED the second time, ERR_MIF_PATH_LOST
   */
  release(): number {
    const fd = this.#take();
    this.#hold?.release();
    return fd;
  }

  /**
   * Gives the descriptor to an object, which is ended when the interface ends. It is closed if the object cannot be made.
   * @param end - ends the object.
   * @throws as release(); what `make` throws
   */
  pass<T extends object & { once(event: 'close', listener: () => void): unknown }>(
    make: (fd: number) => T,
    end: (owner: T, error: MifError) => void,
  ): T {
    const fd = this.#take();
    let owner: T;
    try {
      owner = make(fd);
    } catch (error) {
      native().closeDescriptor(fd);
      this.#hold?.release();
      throw error;
    }
    this.#hold?.pass(owner, end);
    return owner;
  }

  /** Closes the descriptor, unless it was given away. Safe twice. */
  close(): void {
    if (this.#fd >= 0) this.#hold?.release();
    this.#close();
  }

  #close(): void {
    if (this.#fd < 0) return;
    native().closeDescriptor(this.#fd);
    this.#fd = -1;
  }

  #take(): number {
    const fd = this.#fd;
    if (this.#hold?.error !== undefined && fd < 0) throw this.#hold.error;
    if (fd < 0) throw new MifError('ERR_MIF_CLOSED', 'the bound socket was closed or adopted before');
    this.#fd = -1;
    return fd;
  }
}
