// SPDX-License-Identifier: MIT
// One trial: a fresh network, a fresh host, a sequence of operations, and after each of them the question whether the
// mirror says the same as the kernel. A mirror that says it is in step, of a kernel that stands still, has no excuse.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostStats } from '../../lib/host/host.ts';
import { differences } from '../lab/comparison.ts';
import { Lab } from '../lab/lab.ts';
import { comparable, type Entry, type KernelView, nouns } from '../lab/oracle.ts';
import { busyHost } from '../lab/topology/busy-host.ts';
import type { Topology } from '../lab/topology.ts';
import { FaultLedger, lies, type StagedFault, storm } from './faults.ts';
import { KernelAccess } from './kernel-access.ts';
import type { Operation, Operations } from './operations.ts';
import { type Picture, Subject } from './subject.ts';

/** Where trials happen: a namespace with something in every table, and one for links to move to. */
export const network: Topology = {
  ...busyHost,
  nodes: { ...busyHost.nodes, elsewhere: { setUp: [] } },
};

/** What a picture says otherwise than the kernel, a line each. */
export type Judge = (kernel: KernelView, picture: Picture) => string[];

export const everyTable: Judge = (kernel, picture) =>
  nouns.flatMap((noun) => differences(kernel[noun], comparable(noun, picture[noun])).map((line) => `${noun}: ${line}`));

export interface TrialOptions {
  /** File of the compiled faults.c; absent: the host is privileged, and faults among the operations do not happen. */
  faults?: string;
  judge?: Judge;
}

export interface Trial {
  /** What the kernel accepted, and faults. */
  performed: Operation[];
  /** Why the trial failed after the last of them; empty where it did not. */
  failure: string[];
  checks: number;
  /** Longest time from a change to agreement, milliseconds. */
  slowestMs: number;
  stats: HostStats;
  happened: Record<StagedFault, number>;
  /** Messages that reached the host from a process. */
  forged: number;
  /** Times that the host slept through more than its socket holds. */
  storms: number;
}

/**
 * How long the kernel must have stood still before a mirror that differs is wrong, milliseconds: for its thread to have
 * been run on a busy machine.
 */
const settledMs = 250;
/** The same while the kernel shows what it has yet to announce. */
const announcedMs = 3_000;
/** How long a mirror may take to say that it is in step again. */
const repairedMs = 10_000;

export async function runTrial(operations: Operations, options: TrialOptions = {}): Promise<Trial> {
  const folder = mkdtempSync(join(tmpdir(), 'mif-differential-'));
  await using lab = await Lab.up(network);
  const running = await RunningTrial.start(lab, new FaultLedger(join(folder, 'faults')), options);
  try {
    return await running.run(operations);
  } finally {
    await running.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

class RunningTrial {
  readonly #lab: Lab;
  readonly #kernel: KernelAccess;
  readonly #subject: Subject;
  readonly #faults: FaultLedger;
  readonly #options: TrialOptions;
  readonly #performed: Operation[] = [];
  #failure: string[] = [];
  #checks = 0;
  #slowestMs = 0;
  #forged = 0;
  #storms = 0;
  #stats: HostStats | undefined;

  private constructor(lab: Lab, kernel: KernelAccess, subject: Subject, faults: FaultLedger, options: TrialOptions) {
    this.#lab = lab;
    this.#kernel = kernel;
    this.#subject = subject;
    this.#faults = faults;
    this.#options = options;
  }

  static async start(lab: Lab, faults: FaultLedger, options: TrialOptions): Promise<RunningTrial> {
    const interposition = options.faults ? { library: options.faults, ledger: faults.path } : undefined;
    const subject = await Subject.start(lab, 'host', interposition);
    return new RunningTrial(lab, new KernelAccess(lab, 'host'), subject, faults, options);
  }

  async run(operations: Operations): Promise<Trial> {
    await this.#check();
    let isNews = false;
    let next = operations.next();
    while (!next.done && this.#failure.length === 0) {
      const operation = next.value;
      const isAccepted = await this.#perform(operation);
      if (isAccepted) this.#performed.push(operation);
      isNews ||= isAccepted;
      if (operation.isChecked && isNews) {
        this.#markChecked();
        await this.#check();
        isNews = false;
      }
      if (this.#failure.length === 0) next = operations.next(isAccepted);
    }
    if (this.#failure.length === 0) {
      // A mirror that agreed with the kernel may have been about to change its mind.
      await delay(settledMs);
      await this.#check();
    }
    return {
      performed: this.#performed,
      failure: this.#failure,
      checks: this.#checks,
      slowestMs: this.#slowestMs,
      stats: this.#stats!,
      happened: this.#faults.happened(),
      forged: this.#forged - this.#faults.lostForgeries(),
      storms: this.#storms,
    };
  }

  async end(): Promise<void> {
    await Promise.all([this.#subject.end(), this.#kernel.end()]);
    this.#faults.close();
  }

  async #perform({ command, fault }: Operation): Promise<boolean> {
    if (command !== undefined) return this.#kernel.run(this.#named(command));
    if (!this.#options.faults) return false;
    if (fault === 'really forged') {
      this.#forged += await this.#kernel.forge(lies);
    } else if (fault === 'real overrun') {
      ++this.#storms;
      await this.#subject.sleep();
      await this.#kernel.batch(storm(Number(readFileSync('/proc/sys/net/core/rmem_max', 'utf8'))));
      this.#subject.wake();
    } else if (fault !== undefined) {
      this.#faults.arm(fault);
    }
    return true;
  }

  /** Also where the operation that was to be checked after was refused. */
  #markChecked(): void {
    const last = this.#performed.at(-1)!;
    this.#performed.splice(-1, 1, { ...last, isChecked: true });
  }

  #named(command: string): string {
    return command.replace(/\$(\w+)/g, (_, node: string) => this.#lab.netns(node));
  }

  /** Waits for as long as the mirror may take to agree with the kernel, and notes why it does not. */
  async #check(): Promise<void> {
    ++this.#checks;
    const judge = this.#options.judge ?? everyTable;
    const start = performance.now();
    let stillSince = start;
    let print: string | undefined;
    for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 50)) {
      const asked = performance.now();
      const [kernel, { picture, miscounts }] = await Promise.all([this.#kernel.look(), this.#subject.look()]);
      this.#stats = picture.stats;
      if (miscounts.length > 0) {
        this.#failure = miscounts.map((line) => `the changes do not add up: ${line}`);
        return;
      }
      const lines = judge(kernel.view, picture);
      const now = performance.now();
      if (lines.length === 0 && picture.synced) {
        this.#slowestMs = Math.max(this.#slowestMs, now - start);
        return;
      }
      if (print !== kernel.print) stillSince = now;
      print = kernel.print;
      const graceMs = !picture.synced ? repairedMs : isUnannounced(kernel.view) ? announcedMs : settledMs;
      if (asked - stillSince > graceMs) {
        this.#failure = picture.synced ? lines : ['the mirror does not come in step again', ...lines];
        return;
      }
      await delay(pauseMs);
    }
  }
}

/**
 * Whether the kernel shows what it announces later: a change of carrier, up to a second after it, and an address that it
 * made itself, when it is no longer tentative (trap C3).
 */
function isUnannounced({ interfaces, addresses }: KernelView): boolean {
  const isChangingState = interfaces.some(({ adminUp, flags, operState }: Entry) => {
    const hasCarrier = (flags as string[]).includes('lower-up');
    const isOperating = ['up', 'unknown', 'dormant'].includes(String(operState));
    return adminUp === true && hasCarrier !== isOperating;
  });
  const isTentative = ({ flags }: Entry) =>
    (flags as string[]).includes('tentative') && !(flags as string[]).includes('dad-failed');
  return isChangingState || addresses.some(isTentative);
}
