// SPDX-License-Identifier: MIT
// The host under attack, as a program of any line of Node: what node-mif gives it, and nothing else. Asked in lines of JSON,
// answers in lines of JSON.
//
//   node client.mjs PORTS

import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { openHost } from 'node-mif';
import { attacks } from './attacks.mjs';
import { bound } from './bound.mjs';
import { pooled } from './pooled.mjs';
import { scopes, unheld } from './scoped.mjs';

const transports = { ...bound, ...pooled, ...scopes, ...unheld };
const ports = JSON.parse(process.argv[2]);
const host = await openHost();
/** By the name that the test gave: a transport that is open, or an exchange that goes on. */
const opened = new Map();
const begun = new Map();
/** How long an exchange that is given up may take to end. */
const patienceMs = 100;

/** What fetch and others wrap comes out. */
function outcomeOf(error) {
  const { code, mif, message, cause, errors } = error;
  if ((code === undefined || code === 'ERR_HTTP2_STREAM_CANCEL') && cause instanceof Error) return outcomeOf(cause);
  if (code === undefined && mif === undefined && errors?.length > 0) return outcomeOf(errors[0]);
  return { code: code ?? message, ...(mif ? { mif: mif.code } : {}), message };
}

const settle = (promise) => promise.then((told) => told, outcomeOf);

async function until(ask) {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${ask}`);
    await delay(2);
  }
}

async function tellOnce({ ask, begin }, target) {
  if (ask) return ask(target);
  const exchange = await begin(target);
  try {
    return await exchange.told;
  } finally {
    exchange.destroy();
    await exchange.ended;
  }
}

const open = ({ transport, ...context }) => transports[transport]({ host, ports, ...context });

const answers = {
  open: async ({ id, ...context }) => {
    opened.set(id, open(context));
    return {};
  },
  ask: ({ id, target }) => settle(tellOnce(opened.get(id), target)),
  close: async ({ id }) => {
    await opened.get(id).close();
    opened.delete(id);
    return {};
  },

  /** Opened, asked and closed. */
  once: async ({ target, ...context }) => {
    let transport;
    const outcome = await settle(
      (async () => {
        transport = open(context);
        return tellOnce(transport, target);
      })(),
    );
    await transport?.close();
    return outcome;
  },

  /** Begun, and not waited for. */
  begin: async ({ id, target, ...context }) => {
    const state = { outcome: undefined, end: undefined };
    begun.set(id, state);
    (async () => {
      state.transport = open(context);
      state.exchange = await state.transport.begin(target);
      state.exchange.ended.then((error) => {
        state.end = error ? outcomeOf(error) : { code: 'closed' };
      });
      state.outcome = await state.exchange.told;
    })().catch((error) => {
      state.outcome = outcomeOf(error);
    });
    return {};
  },
  /** How it has begun, as soon as it has. */
  told: ({ id }) => until(() => begun.get(id).outcome),
  /** How it has begun and ended, as far as it has. */
  state: async ({ id }) => {
    const { outcome = null, end = null } = begun.get(id);
    return { outcome, end };
  },
  ended: ({ id }) => until(() => begun.get(id).end),
  abandon: async ({ id }) => {
    const { exchange, transport } = begun.get(id);
    begun.delete(id);
    exchange?.destroy();
    await Promise.race([exchange?.ended, delay(patienceMs)]);
    await transport?.close();
    return {};
  },

  /** As a test that has failed leaves nothing to the next one. */
  clear: async () => {
    for (const { exchange, transport } of begun.values()) {
      exchange?.destroy();
      await transport?.close();
    }
    for (const transport of opened.values()) await transport.close();
    begun.clear();
    opened.clear();
    return {};
  },

  /** What `via` stands for, when it is there, as a `via` of its own. */
  path: async ({ via }) => {
    const { interface: name, index, pvd, source } = await host.when(via);
    return { interface: name, index, source, ...(pvd === undefined ? {} : { pvd }) };
  },
  /** Resolves when the host knows whether `via` leads there. */
  reaches: ({ via, address, does = true }) =>
    until(() => {
      try {
        return host.select(address, { via }).interface !== undefined && does;
      } catch {
        return !does;
      }
    }),
  /** Resolves when the host knows that an interface is in a state: absent, down, dormant (no carrier) or up. */
  sees: ({ name, state }) =>
    until(() => {
      const link = [...host.snapshot().interfaces].find((each) => each.name === name);
      const now = !link ? 'absent' : !link.adminUp ? 'down' : link.running ? 'up' : 'dormant';
      return now === state;
    }),

  /** What the host knows of an interface. */
  links: async ({ name }) =>
    [...host.snapshot().interfaces].filter((each) => each.name === name).map(({ id, index }) => ({ id, index })),

  attacks: async () => Object.keys(attacks),
  attack: ({ name, ...context }) => settle((async () => attacks[name]({ host, ports, ...context }))()),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...context } = JSON.parse(line);
  const answer = await answers[name](context).catch((error) => ({ thrown: error.stack }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit();
