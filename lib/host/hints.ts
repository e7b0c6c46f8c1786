// SPDX-License-Identifier: MIT
// What the programs' sessions need of the interfaces of a host, for providers who can bring links up and let radios sleep
// (MIF-68, MIF-71). Adds up over sessions; decides and ends nothing itself.

/** What is true of all connections over an interface that sessions have. */
export interface InterfaceUse {
  /** Nothing is expected to be sent or received for now. */
  isIdle: boolean;
  /** Whoever has them can begin anew without loss. */
  canBeBroken: boolean;
}

/** A network that a session asks for; without fields any. */
export interface ConnectWish {
  /** Name or id, as posted. */
  interface?: string;
  /** Handle or id, as posted. */
  pvd?: string;
}

/** Who can do something about it. What one throws is a warning of the process: a hint never fails. */
export interface HintProvider {
  /** A session has no network, or not the one it asks for. */
  wantsToConnect?(wish: ConnectWish): void;
  /** By the id of an interface (`if:3.1`); undefined when no session has a connection over it any more. */
  useChanged?(interfaceId: string, use: InterfaceUse | undefined): void;
}

export class HostHints {
  readonly #providers = new Set<HintProvider>();
  /** By interface, what each session reports of its own connections. */
  readonly #reports = new Map<string, Map<object, InterfaceUse>>();

  /** @returns ends it. */
  register(provider: HintProvider): () => void {
    this.#providers.add(provider);
    return () => this.#providers.delete(provider);
  }

  /** What every session that has connections over an interface has said; undefined where none has any. */
  useOf(interfaceId: string): InterfaceUse | undefined {
    const reports = this.#reports.get(interfaceId);
    if (reports === undefined) return undefined;
    const all = [...reports.values()];
    return { isIdle: all.every(({ isIdle }) => isIdle), canBeBroken: all.every(({ canBeBroken }) => canBeBroken) };
  }

  /** @param session - whose word it is. */
  report(session: object, interfaceId: string, use: InterfaceUse | undefined): void {
    const before = this.useOf(interfaceId);
    const reports = this.#reports.get(interfaceId) ?? new Map<object, InterfaceUse>();
    if (use === undefined) reports.delete(session);
    else reports.set(session, use);
    if (reports.size === 0) this.#reports.delete(interfaceId);
    else this.#reports.set(interfaceId, reports);
    const after = this.useOf(interfaceId);
    if (before?.isIdle === after?.isIdle && before?.canBeBroken === after?.canBeBroken) return;
    this.#tell((provider) => provider.useChanged?.(interfaceId, after));
  }

  wantsToConnect(wish: ConnectWish): void {
    this.#tell((provider) => provider.wantsToConnect?.(wish));
  }

  #tell(call: (provider: HintProvider) => void): void {
    for (const provider of [...this.#providers]) {
      try {
        call(provider);
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }
}
