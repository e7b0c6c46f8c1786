// SPDX-License-Identifier: MIT
// What a resolver has done and met, for people who wonder.

export interface ResolverStats {
  /** Questions answered from the cache. */
  cacheHits: number;
  /** Questions that somebody else was waiting for the answer of already. */
  joined: number;
  /** Questions sent, again ones included. */
  queries: number;
  /** Asked over a connection, because the answer was too long or could not be trusted. */
  streamQueries: number;
  /** Servers that did not answer in time, or could not be reached. */
  timeouts: number;
  /** Ignored, because it was no answer to what was asked: of a forger, or too late. */
  ignored: { malformed: number; source: number; id: number; question: number; case: number };
  /** Sockets open now. */
  openSockets: number;
}

export function newStats(): ResolverStats {
  return {
    cacheHits: 0,
    joined: 0,
    queries: 0,
    streamQueries: 0,
    timeouts: 0,
    ignored: { malformed: 0, source: 0, id: 0, question: 0, case: 0 },
    openSockets: 0,
  };
}
