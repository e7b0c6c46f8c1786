// SPDX-License-Identifier: MIT
// The requests of a source that are under way, at most one for each domain; and why the last of each came to nothing.

import type { SourceState } from '../pvd/source.ts';
import type { FetchDomain, FetchIn, FetchOutcome, FetchRequest } from './domain-fetch.ts';

export class Requests {
  readonly #fetchIn: FetchIn;
  readonly #running = new Map<string, AbortController>();
  readonly #failures = new Map<string, string>();

  constructor(fetchIn: FetchIn) {
    this.#fetchIn = fetchIn;
  }

  /** What cannot be told because of failures; the first of them. */
  get state(): SourceState {
    const [why] = this.#failures.values();
    return why === undefined ? { state: 'working' } : { state: 'limited', why };
  }

  /** @param done - is called once, unless the request is given up before. */
  begin(
    key: string,
    domain: FetchDomain,
    request: Omit<FetchRequest, 'signal'>,
    done: (outcome: FetchOutcome) => void,
  ): void {
    this.giveUp(key);
    const controller = new AbortController();
    this.#running.set(key, controller);
    void this.#fetchIn(domain, { ...request, signal: controller.signal }).then((outcome) => {
      if (this.#running.get(key) !== controller) return;
      this.#running.delete(key);
      done(outcome);
    });
  }

  /** Nobody is told of its outcome. */
  giveUp(key: string): void {
    const controller = this.#running.get(key);
    this.#running.delete(key);
    controller?.abort();
  }

  /** Notes why there is nothing of a domain; undefined when there is. */
  note(key: string, why: string | undefined): void {
    if (why === undefined) this.#failures.delete(key);
    else this.#failures.set(key, why);
  }

  close(): void {
    for (const key of [...this.#running.keys()]) this.giveUp(key);
    this.#failures.clear();
  }
}
