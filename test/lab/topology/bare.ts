// SPDX-License-Identifier: MIT
// One namespace with veth pairs v0–p0, v1–p1 …, both ends in it and up, without addresses of its own.

import { link, type Topology } from '../topology.ts';

export function bare(pairs: number): Topology {
  const links = Array.from({ length: pairs }, (_, n) => link(`host/v${n}#${10 + 2 * n}`, `host/p${n}#${11 + 2 * n}`));
  const names = links.flatMap((ends) => ends.map(({ name }) => name));
  return { links, nodes: { host: { setUp: names.map((name) => `link set ${name} up`) } } };
}
