// SPDX-License-Identifier: MIT
// The first process inside the enclosure: builds the lab, plays the story, ends. Arguments: the namespaces of the
// outside, then `--json` if asked for. Ends with its standard input, and everything here ends with it.

import { once } from 'node:events';
import { type Host, type MifSession, openHost, openSession } from '../../mif/mif.ts';
import { exitCodeOf, exitCodes, isReportable } from '../exit-code.ts';
import { Output } from '../output.ts';
import { styleFor } from '../style.ts';
import { Dialogue } from './dialogue.ts';
import { ownNamespaces } from './namespace.ts';
import { type Narrator, PeopleNarrator, ProgramNarrator } from './narrator.ts';
import { echoPort, PrivateNetwork, privateAddress, serverAddress, uplinkA } from './network.ts';
import { type Scene, steps } from './story.ts';

/** What belongs together arrives together, milliseconds. */
const settleMs = 30;

/** A reader that takes nothing is given up after this, milliseconds. */
const lastLinesMs = 1000;

/** What has to be closed at the end, however far it came. */
class Stage {
  readonly #narrator: Narrator;
  readonly #stop: AbortSignal;
  #network: PrivateNetwork | undefined;
  #host: Host | undefined;
  #session: MifSession | undefined;
  #scene: Scene | undefined;

  constructor(narrator: Narrator, stop: AbortSignal) {
    this.#narrator = narrator;
    this.#stop = stop;
  }

  async open(): Promise<Scene> {
    const [narrator, stop] = [this.#narrator, this.#stop];
    for (const line of drawing) narrator.note(line);
    const network = await PrivateNetwork.build(stop);
    this.#network = network;
    await network.plugIn(uplinkA);
    this.#host = await openHost({ settle: settleMs, signal: stop });
    this.#session = await openSession({ host: this.#host });
    const dialogue = new Dialogue(this.#session, narrator, stop);
    narrator.proved('four namespaces, made and configured with ip; the server answers');
    this.#scene = {
      network,
      session: this.#session,
      dialogue,
      narrator,
      pvds: new Map(),
      connected: new Map(),
      conversations: new Map(),
    };
    return this.#scene;
  }

  async close(): Promise<void> {
    for (const conversation of this.#scene?.conversations.values() ?? []) conversation.close();
    await this.#session?.close();
    await this.#host?.close();
    this.#network?.close();
  }
}

const drawing = [
  '           ┌─ a0 ── router a ─┐',
  `this host ─┤                  ├─ the server: ${serverAddress} port ${echoPort},`,
  `           └─ b0 ── router b ─┘  and behind router b only ${privateAddress} port ${echoPort}`,
];

/** Plays a step to its end, or to the interruption. */
async function play(act: () => Promise<void>, stop: AbortSignal): Promise<void> {
  const over = new AbortController();
  const interruption = once(stop, 'abort', { signal: over.signal }).then(
    () => Promise.reject(new Error('interrupted')),
    () => undefined,
  );
  try {
    if (stop.aborted) throw new Error('interrupted');
    await Promise.race([act(), interruption]);
  } finally {
    over.abort();
  }
}

async function perform(narrator: Narrator, stop: AbortSignal): Promise<number> {
  const begin = performance.now();
  const stage = new Stage(narrator, stop);
  let scene: Scene | undefined;
  const open = async () => {
    scene = await stage.open();
  };
  const all = [{ title: 'A private lab: one host, two uplinks, one server', act: open }].concat(
    steps.map(({ title, play }) => ({ title, act: () => play(scene!) })),
  );
  let passed = 0;
  let failure: Error | undefined;
  for (const { title, act } of all) {
    const stepBegin = performance.now();
    narrator.begin(title);
    scene?.dialogue.forget();
    try {
      await play(act, stop);
      passed++;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    narrator.end(performance.now() - stepBegin, failure);
    if (failure) break;
  }
  await stage.close();
  narrator.summary({ steps: all.length, passed, elapsedMs: performance.now() - begin, interrupted: stop.aborted });
  if (!failure) return exitCodes.ok;
  return isReportable(failure) && !stop.aborted ? exitCodeOf(failure) : exitCodes.failure;
}

/** Whoever started this outside the enclosure would lose the network of the machine. */
function isEnclosed(outside: readonly string[]): boolean {
  const inside = ownNamespaces();
  return outside.length >= inside.length && inside.every((namespace, at) => namespace !== outside[at]);
}

async function runProcess(): Promise<never> {
  const output = new Output(process.stdout);
  const asked = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => asked.abort());
  process.stdin.resume().once('close', () => asked.abort());
  const narrator = process.argv.includes('--json')
    ? new ProgramNarrator(output)
    : new PeopleNarrator(output, styleFor(process.stdout));
  process.exitCode = exitCodes.failure;
  const code = await perform(narrator, AbortSignal.any([asked.signal, output.closed]));
  output.limitPatience(lastLinesMs);
  await output.drain();
  process.exit(code);
}

if (!isEnclosed(process.argv.slice(2)))
  throw new Error('this program is a part of `mif demo` and runs in its lab only');
void runProcess();
