// SPDX-License-Identifier: MIT
// Asks the routers of a link to advertise, so that a program that has just begun need not wait for minutes: three times at
// most, four seconds apart, until one has answered (RFC 4861 section 6.3.7). Keeps nothing alive.

/** RFC 4861 section 10: MAX_RTR_SOLICITATIONS, RTR_SOLICITATION_INTERVAL, MAX_RTR_SOLICITATION_DELAY; milliseconds. */
const mostSolicitations = 3;
const intervalMs = 4_000;
const longestDelayMs = 1_000;
/** How often it is tried where there is no address to send from yet: as long as duplicate address detection may take. */
const mostTries = 6;

export interface SolicitorOptions {
  /** Sends one; false when it cannot be sent at present. */
  readonly send: (interfaceIndex: number) => boolean;
  /** A number from 0 to below 1. */
  readonly random?: () => number;
}

interface Round {
  readonly timer: NodeJS.Timeout;
}

export class Solicitor {
  readonly #send: (interfaceIndex: number) => boolean;
  readonly #random: () => number;
  readonly #rounds = new Map<number, Round>();
  #sent = 0;

  constructor({ send, random = Math.random }: SolicitorOptions) {
    this.#send = send;
    this.#random = random;
  }

  /** Solicitations sent so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Begins anew on an interface. The delay is so that not all hosts of a link ask at once. */
  start(interfaceIndex: number): void {
    this.stop(interfaceIndex);
    this.#wait(interfaceIndex, this.#random() * longestDelayMs, mostSolicitations, mostTries);
  }

  /** A default router has answered, or the link is gone. */
  stop(interfaceIndex: number): void {
    clearTimeout(this.#rounds.get(interfaceIndex)?.timer);
    this.#rounds.delete(interfaceIndex);
  }

  close(): void {
    for (const index of [...this.#rounds.keys()]) this.stop(index);
  }

  #wait(index: number, delayMs: number, left: number, tries: number): void {
    const timer = setTimeout(() => this.#solicit(index, left, tries), delayMs).unref();
    this.#rounds.set(index, { timer });
  }

  #solicit(index: number, left: number, tries: number): void {
    this.#rounds.delete(index);
    const isSent = this.#send(index);
    if (isSent) this.#sent++;
    const remaining = isSent ? left - 1 : left;
    if (remaining > 0 && tries > 1) this.#wait(index, intervalMs, remaining, tries - 1);
  }
}
