// SPDX-License-Identifier: MIT
// Reading sessions in tests: draining, shortening messages to lines, and a reader that rebuilds the network from
// messages alone and complains as soon as one does not fit what it believes.

import { isDeepStrictEqual } from 'node:util';
import type {
  MifMessage,
  NoInterfaceAnnouncement,
  NoProvisioningDomainAnnouncement,
} from '../../../lib/session/message.ts';
import type { MifSession } from '../../../lib/session/session.ts';

/** Everything that waits. */
export function drain(session: MifSession): MifMessage[] {
  const messages: MifMessage[] = [];
  for (let message = session.get(); message; message = session.get()) messages.push(message);
  return messages;
}

/** Everything that waits, one short line each. */
export function lines(session: MifSession): string[] {
  return drain(session).map(line);
}

/** `+` announced, `-` gone; then what it is about. */
export function line(message: MifMessage): string {
  switch (message.type) {
    case 'interface-announcement':
      return `+ ${message.interface.name}`;
    case 'no-interface-announcement':
      return `- ${message.interface.name}`;
    case 'interface-is-going-away':
    case 'interface-is-going-up':
      return `${message.type.slice(13)} ${message.interface.name}: ${message.confidence} ${message.reason}`;
    case 'provisioning-domain-announcement':
      return `+ ${message.pvd.handle} on ${message.interface.name}`;
    case 'no-provisioning-domain-announcement':
      return `- ${message.pvd.handle} on ${message.interface?.name ?? 'none'}: ${message.reason}`;
    case 'configuration-element-announcement':
      return `+ ${message.element} ${message.version} of ${message.pvd.handle}`;
    case 'no-configuration-element-announcement':
      return `- ${message.element} of ${message.pvd.handle}`;
    case 'address-announcement':
      return `+ ${message.address} in ${message.pvd.handle}`;
    case 'no-address-announcement':
      return `- ${message.address} in ${message.pvd.handle}`;
    case 'configuration-data':
      return `data: ${message.information}`;
    case 'no-configuration-data':
      return `no data: ${message.reason}`;
    case 'connected':
      return `connected ${message.connectionId}`;
    case 'not-connected':
      return `not connected ${message.connectionId}: ${message.reason}`;
    case 'name-translation':
      return `translated ${message.translationId}: ${message.address}`;
    case 'translation-done':
      return `translation ${message.translationId}: ${message.status}`;
    case 'enumeration-done':
      return `done ${message.request}`;
    case 'pvd-selected':
      return `selected ${message.pvd.handle}`;
    case 'pvd-not-selected':
      return `not selected ${message.pvd.handle}`;
    case 'overrun':
      return 'overrun';
    case 'request-failed':
      return `failed ${message.request}: ${message.error.code}`;
    default:
      return unknownMessage(message);
  }
}

// A new message type does not compile here until it has a line of its own.
function unknownMessage(message: never): never {
  throw new Error(`no line for ${JSON.stringify(message)}`);
}

/** What a subscriber believes after reading, and whether each message fitted what it believed before (MIF-77). */
export class View {
  readonly interfaces = new Map<string, string>();
  /** `<interface id> <handle>`. */
  readonly pairs = new Set<string>();
  /** `<interface id> <handle> <address>/<length>` to state. */
  readonly addresses = new Map<string, string>();
  /** `<handle> <type>` to version. */
  readonly elements = new Map<string, number>();
  readonly faults: string[] = [];
  /** What the subscriber is subscribed to, so that containment can be expected. */
  readonly follows: { interfaces: boolean; pvds: boolean };

  constructor(follows: { interfaces: boolean; pvds: boolean }) {
    this.follows = follows;
  }

  read(message: MifMessage): void {
    this.#judgeSurprise(message);
    switch (message.type) {
      case 'interface-announcement':
        this.interfaces.set(message.interface.id, message.interface.name);
        break;
      case 'no-interface-announcement':
        if (!this.interfaces.delete(message.interface.id)) this.#surprise = message;
        this.#expect(!startsWith(this.pairs, message.interface.id), message, 'before its domains');
        this.#expect(!startsWith(this.addresses.keys(), message.interface.id), message, 'before its addresses');
        break;
      case 'interface-is-going-away':
      case 'interface-is-going-up':
        this.#expect(this.interfaces.has(message.interface.id), message, 'before its interface');
        break;
      case 'provisioning-domain-announcement':
        if (this.follows.interfaces) {
          this.#expect(this.interfaces.has(message.interface.id), message, 'before its interface');
        }
        this.pairs.add(`${message.interface.id} ${message.pvd.handle}`);
        break;
      case 'no-provisioning-domain-announcement': {
        const key = `${message.interface?.id} ${message.pvd.handle}`;
        if (!this.pairs.delete(key)) this.#surprise = message;
        this.#expect(!startsWith(this.addresses.keys(), key), message, 'before its addresses');
        // Elsewhere the domain lives on, and its elements with it.
        if (!this.#isOnAnInterface(message.pvd.handle)) {
          this.#expect(!startsWith(this.elements.keys(), message.pvd.handle), message, 'before its elements');
        }
        break;
      }
      case 'configuration-element-announcement': {
        const { handle } = message.pvd;
        const key = `${handle} ${message.element}`;
        if (this.follows.pvds) this.#expect(this.#isOnAnInterface(handle), message, 'before its domain');
        this.#expect(message.version >= (this.elements.get(key) ?? 0), message, 'older than before');
        this.elements.set(key, message.version);
        break;
      }
      case 'no-configuration-element-announcement': {
        const key = `${message.pvd.handle} ${message.element}`;
        this.#expect(this.elements.delete(key), message, 'of an element nobody knew');
        break;
      }
      case 'address-announcement': {
        const key = `${message.interface.id} ${message.pvd.handle}`;
        if (this.follows.pvds) this.#expect(this.pairs.has(key), message, 'before its domain');
        this.addresses.set(`${key} ${message.address}/${message.prefixLength}`, message.state);
        break;
      }
      case 'no-address-announcement': {
        const key = `${message.interface.id} ${message.pvd.handle} ${message.address}/${message.prefixLength}`;
        this.#expect(this.addresses.delete(key), message, 'of an address nobody knew');
        break;
      }
      default:
        break;
    }
  }

  /** A farewell to something unknown is right as the answer to a request about it, and nowhere else (MIF-79). */
  #judgeSurprise(next: MifMessage): void {
    const surprise = this.#surprise;
    this.#surprise = undefined;
    if (!surprise) return;
    const isAnswer =
      next.type === 'enumeration-done' &&
      (surprise.type === 'no-interface-announcement'
        ? isDeepStrictEqual(next.interface, surprise.interface)
        : isDeepStrictEqual(next.pvd, surprise.pvd));
    this.#expect(isAnswer, surprise, 'of something nobody knew');
  }
  #surprise: NoInterfaceAnnouncement | NoProvisioningDomainAnnouncement | undefined;

  #isOnAnInterface(handle: string): boolean {
    for (const pair of this.pairs) if (pair.endsWith(` ${handle}`)) return true;
    return false;
  }

  #expect(isFitting: boolean, message: MifMessage, why: string): void {
    if (!isFitting) this.faults.push(`${line(message)}: ${why}`);
  }
}

function startsWith(keys: Iterable<string>, prefix: string): boolean {
  for (const key of keys) if (key === prefix || key.startsWith(`${prefix} `)) return true;
  return false;
}
