// SPDX-License-Identifier: MIT
// What the kinds of random changes share: a command that may be refused, and words to build one of.

/** A command, and what is to be remembered when the kernel has done it. */
export interface Draft {
  /** Arguments of `ip`. */
  command: string;
  done?: () => void;
}

export type Family = 4 | 6;

/** Names of two namespaces, or what stands for them until the command runs. */
export interface Places {
  /** Where all changes happen. */
  here: string;
  /** Where links move to and come back from. */
  elsewhere: string;
}

export function joined(words: readonly string[]): string {
  return words.filter((word) => word !== '').join(' ');
}
