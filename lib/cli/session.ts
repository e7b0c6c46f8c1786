// SPDX-License-Identifier: MIT
// `mif session`: the message queue of draft-ietf-mif-api-extension-05 over standard input and output, for programs in
// any language. A line in is one POST; each line out is one GET. What a request may say is the session's affair; here
// only lines are read and written.

import { openHost, openSession } from '../mif/mif.ts';
import type { MifMessage, RequestFailed } from '../session/message.ts';
import type { MifRequest } from '../session/request.ts';
import type { MifSession } from '../session/session.ts';
import { type Command, namespaceOf } from './command.ts';
import { errorText, exitCodes, isReportable, usageError } from './exit-code.ts';
import { type InputLine, inputLines } from './input-lines.ts';
import type { Output } from './output.ts';

/** Characters of a request; the longest sensible one has less than a thousand. */
const longestLine = 65_536;

/** How long outcomes are waited for when the input has ended, milliseconds. */
const lastOutcomesMs = 5000;

export const session: Command = {
  name: 'session',
  operands: '',
  summary: 'the message queue over standard input and output: one request a line in, one message a line out',
  details: [
    'Each line in is a MIF request as JSON, such as {"type":"announce-interfaces"}.',
    'Each line out is a MIF message. A line that is no request is answered by request-failed with its line number.',
    `At the end of input, what is queued is written; outcomes of connections are waited for at most ${lastOutcomesMs / 1000} s.`,
    'A connection whose token was announced stays open until the session ends, or until stop-connecting.',
  ],
  options: ['json', 'netns'],
  maxOperands: 0,
  endsBySignal: true,
  async run({ options, output, input, stop }) {
    const host = await openHost({ ...namespaceOf(options), signal: stop });
    try {
      const session = await openSession({ host });
      const outcomes = new OpenOutcomes();
      const ended = new AbortController();
      try {
        const speaking = speak(session, output, outcomes, ended.signal, stop);
        const listening = listen(session, output, outcomes, inputLines(input, longestLine, stop));
        await Promise.all([speaking, listening.finally(() => ended.abort())]);
      } finally {
        await session.close();
        input.destroy();
      }
    } finally {
      await host.close();
    }
    return exitCodes.ok;
  },
};

/** Connection ids that were posted and had no outcome yet. */
class OpenOutcomes {
  readonly #ids = new Set<string | number>();

  get areDue(): boolean {
    return this.#ids.size > 0;
  }

  posted(request: MifRequest): void {
    if (!('connectionId' in request) || request.connectionId === undefined) return;
    if (request.type.startsWith('connect-to-address')) this.#ids.add(request.connectionId);
    else if (request.type === 'stop-connecting') this.#ids.delete(request.connectionId);
  }

  received(message: MifMessage): void {
    if ('connectionId' in message && message.connectionId !== undefined) this.#ids.delete(message.connectionId);
  }
}

/** Posts each line; says at once what is wrong with one that cannot be posted. */
async function listen(
  session: MifSession,
  output: Output,
  outcomes: OpenOutcomes,
  lines: AsyncIterable<InputLine>,
): Promise<void> {
  for await (const line of lines) {
    if (line.text?.trim() === '') continue;
    let request: unknown;
    try {
      request = parse(line);
      session.post(request as MifRequest);
      outcomes.posted(request as MifRequest);
    } catch (error) {
      if (!isReportable(error) || error.code === 'ERR_MIF_CLOSED') throw error;
      await output.line(JSON.stringify(requestFailed(line, request, error)));
    }
  }
}

function parse({ text, number }: InputLine): unknown {
  if (text === undefined) {
    throw usageError(`line ${number} has more than ${longestLine} characters`, 'One request is one line.');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw usageError(`line ${number} is not JSON: ${words}`, 'One line is one JSON object.');
  }
}

/** The message that a session gives for requests it takes and cannot serve, with the number of the line. */
function requestFailed({ number }: InputLine, request: unknown, error: Error & { code: string }) {
  const { type, connectionId, translationId, requestId } = (request ?? {}) as Record<string, unknown>;
  return {
    type: 'request-failed',
    request: typeof type === 'string' ? type : null,
    line: number,
    ...idsOf({ connectionId, translationId, requestId }),
    error: errorText(error),
    extension: true,
  } satisfies Omit<RequestFailed, 'request'> & { request: string | null; line: number };
}

/** What a program knows its request by. */
function idsOf(ids: Record<string, unknown>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(ids).filter((entry): entry is [string, string | number] =>
      ['string', 'number'].includes(typeof entry[1]),
    ),
  );
}

/** Writes each message as it comes. After the end of input: what is left, and what is sure to come. */
async function speak(
  session: MifSession,
  output: Output,
  outcomes: OpenOutcomes,
  ended: AbortSignal,
  stop: AbortSignal,
): Promise<void> {
  let patience: AbortSignal | undefined;
  for (;;) {
    const message = session.get();
    if (message !== undefined) {
      outcomes.received(message);
      await output.line(JSON.stringify(message));
      if (stop.aborted) return;
      continue;
    }
    if (ended.aborted) patience ??= AbortSignal.timeout(lastOutcomesMs);
    if (stop.aborted || patience?.aborted || (patience && !outcomes.areDue)) return;
    const signal = AbortSignal.any(patience ? [stop, patience] : [stop, ended]);
    await session.check({ timeout: Number.POSITIVE_INFINITY, signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
