// SPDX-License-Identifier: MIT
// What an advertisement says to one domain: to the one that it names, all of it, and where the PvD option and what is
// around it differ, the option's word (PVD-61, PVD-64).

import type { PvdOption } from '../../pvd/record.ts';
import type { Advertisement } from './advertisement.ts';
import type { AdvertisementHeader } from './header.ts';
import type { RouterOption } from './router-option.ts';

export interface Said {
  /** Absent where only options were heard. */
  readonly header: AdvertisementHeader | undefined;
  /** Absent for what no name is on (PVD-04). */
  readonly pvd: PvdOption | undefined;
  readonly options: readonly RouterOption[];
}

export function saidBy({ header, options, pvd }: Advertisement): Said {
  if (pvd === undefined) return { header, pvd, options };
  const { id, http, legacy, delay, sequence } = pvd;
  return {
    header: pvd.header ?? header,
    pvd: { id, http, legacy, delay, sequence },
    // The inner ones last: of what there can be but one the latest counts.
    options: [...options, ...pvd.options],
  };
}
