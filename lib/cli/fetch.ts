// SPDX-License-Identifier: MIT
// `mif fetch URL`: one HTTP request over a chosen network. The body goes to standard output and nothing else does; the path
// goes to standard error.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { createDispatcher, type Host, openHost } from '../mif/mif.ts';
import type { Path } from '../selection/path.ts';
import { type Command, type CommandOptions, namespaceOf, viaOf } from './command.ts';
import { exitCodes, usageError } from './exit-code.ts';
import { printable } from './style.ts';

export const fetch: Command = {
  name: 'fetch',
  operands: 'URL',
  summary: 'one HTTP request over one network: the body on standard output, the path on standard error',
  details: [
    'URL is http: or https:. Its name is asked of that network; without --via of the system. Redirects are followed, on the same network.',
    'With --json one document: {"status","headers","body","path"}. Any answer of a server is a success.',
  ],
  options: ['json', 'netns', 'via'],
  maxOperands: 1,
  async run({ options, operands, output, say, stop }) {
    const url = readUrl(operands[0]);
    const { via } = viaOf(options);
    if (via === undefined && options.netns !== undefined) {
      throw usageError('mif fetch: --netns needs --via', 'Say which network of that namespace to use.');
    }
    const host = await openHost({ ...namespaceOf(options), signal: stop });
    const dispatcher = via === undefined ? undefined : createDispatcher({ host, via });
    const last = lastConnection();
    try {
      const response = await globalThis.fetch(url, { signal: stop, ...(dispatcher ? { dispatcher } : {}) });
      const path = last.describe(host, options);
      if (options.json) {
        const { status, headers } = response;
        const body = await response.text();
        await output.line(JSON.stringify({ status, headers: Object.fromEntries(headers), body, path }));
      } else {
        say(`${response.status} ${printable(response.statusText)} from ${path?.destination} over ${nameOf(path)}`);
        for await (const chunk of response.body ?? []) await output.write(chunk);
      }
    } catch (error) {
      // Why fetch failed is the cause of what it throws.
      throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
    } finally {
      last.close();
      await dispatcher?.destroy();
      await host.close();
    }
    return exitCodes.ok;
  },
};

function readUrl(text: string | undefined): URL {
  if (text === undefined) throw usageError('mif fetch: what?', 'Name a URL, such as https://example.com/.');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw usageError(
    `mif fetch: ${JSON.stringify(text)} is no URL of http or https`,
    'Write it as https://example.com/.',
  );
}

function nameOf(path: Path | undefined): string {
  return path === undefined ? 'an unknown path' : `${path.interface} from ${path.source}`;
}

/** The connection that fetch made last: after redirects, the one of the answer. */
function lastConnection() {
  const channel = 'undici:client:connected';
  let ends: { readonly address: string; readonly source: string } | undefined;
  const onConnected = (message: unknown) => {
    const { remoteAddress, localAddress } = (message as { socket: Socket }).socket;
    if (remoteAddress && localAddress) ends = { address: remoteAddress, source: localAddress };
  };
  subscribe(channel, onConnected);
  return {
    /** Undefined where the network has changed so much that there is no such path any more. */
    describe(host: Host, options: CommandOptions): Path | undefined {
      if (ends === undefined) return undefined;
      const { address, source } = ends;
      try {
        return { ...host.select(address, { ...viaOf(options), source }), source };
      } catch {
        return undefined;
      }
    },
    close: () => unsubscribe(channel, onConnected),
  };
}
