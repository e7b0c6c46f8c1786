// SPDX-License-Identifier: MIT
// The resolver of one provisioning domain: its servers, what they answered, and who is waiting for what. Everything that one
// question leads to stays in the domain, aliases included (DNS-05). Knows no host: sockets and time are handed in.

import { MifError } from '../binding/mif-error.ts';
import { AliasError, followAliases, longestChain } from './alias-chain.ts';
import { Asking, type AskingOutcome, type ServerFailure, type Timings } from './asking.ts';
import { AnswerCache, type CacheLimits } from './cache.ts';
import { newStats, type ResolverStats } from './counters.ts';
import { noError } from './rcode.ts';
import type { DnsRecord, RecordType } from './record.ts';
import type { NameServer } from './server.ts';
import { ServerHealth } from './server-health.ts';
import type { Transport } from './transport.ts';
import { Turns } from './turns.ts';

/** What the servers of a domain say of a name: records, or that there are none. */
export interface Answer {
  /** False when there is no such name, rather than no such record of it. */
  readonly exists: boolean;
  /** Where the aliases of the name led. */
  readonly name: string;
  readonly aliases: readonly DnsRecord[];
  /** Of the asked type, of that name; none when there are none. */
  readonly records: readonly DnsRecord[];
  readonly server: string;
  readonly expires: number;
  readonly size: number;
}

export interface StubResolverParts {
  readonly transport: Transport;
  /** In order of preference; at least one. */
  readonly servers: readonly NameServer[];
  /** For errors: the domain or interface that it is of. */
  readonly who: { readonly pvd?: string | undefined; readonly interface?: string | undefined };
  /** Milliseconds on a clock that runs on in suspend. */
  readonly now: () => number;
  readonly timings?: Partial<Timings> | undefined;
  readonly cache?: Partial<CacheLimits> | undefined;
}

const usualTimings: Timings = { timeoutMs: 5_000, patienceMs: 1_000 };
const usualCache: CacheLimits = { entries: 10_000, bytes: 8 * 2 ** 20 };
const turnLimits = { most: 256, mostWaiting: 65_536 };
/** However long a server says (SEC-19); that there is nothing, for less (RFC 2308 section 5). */
const longestTtl = 86_400;
const longestNegativeTtl = 3_600;

/** A question that is under way, for all who wait for its answer. */
interface Job {
  readonly answer: Promise<Answer>;
  waiters: number;
  giveUp(reason: Error): void;
}

export class StubResolver {
  readonly stats: ResolverStats = newStats();
  readonly #parts: StubResolverParts;
  readonly #health: ServerHealth;
  readonly #cache: AnswerCache<Answer>;
  readonly #jobs = new Map<string, Job>();
  readonly #turns = new Turns(turnLimits);
  readonly #timings: Timings;

  constructor(parts: StubResolverParts) {
    this.#parts = parts;
    this.#health = new ServerHealth(parts.servers);
    this.#cache = new AnswerCache({ ...usualCache, ...parts.cache });
    this.#timings = { ...usualTimings, ...parts.timings };
  }

  /** Its clock, that `expires` is on. */
  readonly now = (): number => this.#parts.now();

  /** What is known without asking. */
  peek(name: string, type: RecordType): Answer | undefined {
    const answer = this.#cache.find(`${type} ${name}`, this.#parts.now());
    if (answer !== undefined) this.stats.cacheHits++;
    return answer;
  }

  /**
   * @param name - as readName gives it.
   * @throws MifError ERR_MIF_DNS_TIMEOUT, ERR_MIF_DNS_RCODE, ERR_MIF_DNS_NO_SERVERS where none can be reached from here at all,
   * ERR_MIF_QUEUE_FULL; the signal's reason
   */
  query(name: string, type: RecordType, signal?: AbortSignal): Promise<Answer> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const known = this.peek(name, type);
    if (known !== undefined) return Promise.resolve(known);
    const key = `${type} ${name}`;
    let job = this.#jobs.get(key);
    if (job === undefined) {
      if (this.#turns.isFull) {
        return Promise.reject(
          this.#error('ERR_MIF_QUEUE_FULL', `cannot resolve ${name}: too many questions are waiting`),
        );
      }
      job = this.#begin(key, name, type);
    } else this.stats.joined++;
    return waitFor(job, signal);
  }

  /** Ends what is under way, with an error. */
  close(error: Error): void {
    for (const job of [...this.#jobs.values()]) job.giveUp(error);
    this.#cache.clear();
  }

  #begin(key: string, name: string, type: RecordType): Job {
    let giveUp: (reason: Error) => void = () => {};
    const answer = new Promise<Answer>((resolve, reject) => {
      let asking: { giveUp(): void } | undefined;
      let isOver = false;
      const end = () => {
        isOver = true;
        this.#jobs.delete(key);
        this.#turns.end();
      };
      const withdraw = this.#turns.take(() => {
        const ask = (asked: string) =>
          new Promise<AskingOutcome>((done) => {
            const { transport, now } = this.#parts;
            const servers = { transport, now, health: this.#health, stats: this.stats, timings: this.#timings };
            asking = new Asking(servers, asked, type, done);
          });
        this.#follow(name, type, ask).then(
          (found) => {
            if (isOver) return;
            end();
            if (found.expires > this.#parts.now()) this.#cache.keep(key, found);
            resolve(found);
          },
          (error) => {
            if (isOver) return;
            end();
            reject(error);
          },
        );
      });
      giveUp = (reason) => {
        if (isOver) return;
        if (asking === undefined) {
          isOver = true;
          this.#jobs.delete(key);
          withdraw();
        } else {
          asking.giveUp();
          end();
        }
        reject(reason);
      };
    });
    // Those who wait are told; if nobody does any more, there is nobody to tell.
    answer.catch(() => {});
    const job: Job = { answer, waiters: 0, giveUp };
    this.#jobs.set(key, job);
    return job;
  }

  /** Asks for the name, and for the end of its aliases where a server told only the way there. */
  async #follow(name: string, type: RecordType, ask: (name: string) => Promise<AskingOutcome>): Promise<Answer> {
    const aliases: DnsRecord[] = [];
    const passed = new Set<string>();
    let size = 0;
    let asked = name;
    for (;;) {
      const outcome = await ask(asked);
      if (!('reply' in outcome)) throw this.#failure(name, outcome.failures);
      const { reply, server } = outcome;
      let end: ReturnType<typeof followAliases>;
      try {
        end = followAliases(asked, type, reply.answers, passed);
      } catch (error) {
        if (!(error instanceof AliasError)) throw error;
        throw this.#error('ERR_MIF_DNS_RCODE', `cannot resolve ${name}: ${error.message}`, 'SERVFAIL');
      }
      aliases.push(...end.aliases);
      size += reply.size;
      const exists = reply.rcode === noError;
      const isComplete =
        end.records.length > 0 || !exists || end.aliases.length === 0 || reply.negativeTtl !== undefined;
      if (isComplete) {
        const seconds = ttlOf(
          [...aliases, ...end.records],
          end.records.length > 0 ? undefined : (reply.negativeTtl ?? 0),
        );
        const expires = this.#parts.now() + seconds * 1000;
        const { name: last, records } = end;
        return Object.freeze({ exists, name: last, aliases, records, server: server.text, expires, size });
      }
      for (const alias of end.aliases) passed.add(alias.name);
      if (passed.size >= longestChain) {
        throw this.#error('ERR_MIF_DNS_RCODE', `cannot resolve ${name}: it has too many aliases`, 'SERVFAIL');
      }
      asked = end.name;
    }
  }

  #failure(name: string, failures: readonly ServerFailure[]): MifError {
    const reasons = failures.map(({ server, why }) => `${server.text}: ${why}`).join('; ');
    const message = `cannot resolve ${name}: ${reasons}`;
    const told = failures.find(({ kind }) => kind === 'rcode');
    if (told !== undefined) return this.#error('ERR_MIF_DNS_RCODE', message, told.why);
    const isAsked = failures.some(({ kind }) => kind !== 'unusable');
    return this.#error(isAsked ? 'ERR_MIF_DNS_TIMEOUT' : 'ERR_MIF_DNS_NO_SERVERS', message);
  }

  #error(
    code: 'ERR_MIF_DNS_RCODE' | 'ERR_MIF_DNS_TIMEOUT' | 'ERR_MIF_DNS_NO_SERVERS' | 'ERR_MIF_QUEUE_FULL',
    message: string,
    rcode?: string,
  ): MifError {
    return new MifError(code, message, { ...this.#parts.who, rcode });
  }
}

/** Seconds for which an answer is good: as long as all that it was made of. */
function ttlOf(records: readonly DnsRecord[], negative: number | undefined): number {
  const most = negative === undefined ? longestTtl : Math.min(longestNegativeTtl, negative);
  return records.reduce((least, { ttl }) => Math.min(least, ttl), most);
}

/** The last who stops waiting ends the job. */
function waitFor(job: Job, signal: AbortSignal | undefined): Promise<Answer> {
  job.waiters++;
  if (signal === undefined) return job.answer;
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      reject(signal.reason);
      if (--job.waiters === 0) job.giveUp(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    job.answer.finally(() => signal.removeEventListener('abort', onAbort)).then(resolve, reject);
  });
}
