// SPDX-License-Identifier: MIT
// How often servers may be asked on one network, whatever routers say: anybody on a link can make hosts ask (SEC-06). At most one
// request in ten seconds for each domain, and five for all of them (PVD-76). Pure: time is handed in.

const windowMs = 10_000;
const mostInWindow = 5;
/** Domains beyond these are not told apart: their requests wait for the window of all. */
const mostKnown = 256;

export class RequestWindow {
  readonly #begun: number[] = [];
  readonly #lastOf = new Map<string, number>();

  /** The first moment, not before `wanted`, in which a request for a domain may be made. */
  allowedAt(id: string, wanted: number): number {
    const own = (this.#lastOf.get(id) ?? Number.NEGATIVE_INFINITY) + windowMs;
    const fifth = this.#begun.length < mostInWindow ? Number.NEGATIVE_INFINITY : this.#begun[0]! + windowMs;
    return Math.max(wanted, own, fifth);
  }

  take(id: string, now: number): void {
    this.#begun.push(now);
    if (this.#begun.length > mostInWindow) this.#begun.shift();
    this.#lastOf.delete(id);
    this.#lastOf.set(id, now);
    if (this.#lastOf.size > mostKnown) this.#lastOf.delete(this.#lastOf.keys().next().value!);
  }
}
