// SPDX-License-Identifier: MIT
// Which provisioning domain a posted word means, and the domain that a subscriber has chosen for `unspecified`
// (draft-ietf-mif-api-extension-05 sec. 3.2.7.21, MIF-66). The choice is sticky: when its domain is gone, requests
// fail until another is chosen; they never drift to a domain nobody named (MIF-67).

import type { ProvisioningDomain } from '../pvd/provisioning-domain.ts';
import type { Picture } from './picture.ts';
import { nullPvd, type PvdReference, unspecifiedPvd } from './reference.ts';

/** A domain, or why there is none. The reasons are those of `not-connected`. */
export type PvdResolution =
  | { readonly pvd: ProvisioningDomain }
  | { readonly refusal: 'unknown-pvd' | 'pvd-gone' | 'no-source'; readonly reference: PvdReference };

export class PvdChoice {
  readonly #picture: Picture;
  readonly #systemDefault: () => ProvisioningDomain | undefined;
  #chosen: PvdReference | undefined;

  constructor(picture: Picture, systemDefault: () => ProvisioningDomain | undefined) {
    this.#picture = picture;
    this.#systemDefault = systemDefault;
  }

  /** Lets `unspecified` mean this domain. @returns what it means now, or undefined when there is no such domain. */
  select(posted: string): PvdReference | undefined {
    if (posted === unspecifiedPvd) {
      this.#chosen = undefined;
      return referenceTo(posted);
    }
    const chosen = posted === nullPvd ? referenceTo(posted) : this.#picture.findPvd(posted);
    if (!chosen) return undefined;
    this.#chosen = { handle: chosen.handle, id: chosen.id };
    return this.#chosen;
  }

  resolve(posted: string): PvdResolution {
    if (posted === nullPvd) return { refusal: 'no-source', reference: referenceTo(posted) };
    if (posted !== unspecifiedPvd) {
      const pvd = this.#picture.findPvd(posted);
      return pvd ? { pvd } : { refusal: 'unknown-pvd', reference: referenceTo(posted) };
    }
    const chosen = this.#chosen;
    if (chosen?.handle === nullPvd) return { refusal: 'no-source', reference: chosen };
    if (chosen) {
      const pvd = this.#picture.findPvd(chosen.handle);
      return pvd ? { pvd } : { refusal: 'pvd-gone', reference: chosen };
    }
    const pvd = this.#systemDefault();
    return pvd ? { pvd } : { refusal: 'unknown-pvd', reference: referenceTo(posted) };
  }
}

/** How an announcement names what nobody knows: by the word that was posted. */
export function referenceTo(posted: string): PvdReference {
  return { handle: posted, id: posted };
}
