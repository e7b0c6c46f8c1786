// SPDX-License-Identifier: MIT
// A message in a line that people read: its title, and the facts that matter in the play. A message without an own
// wording is told by all its fields.

import type { MifMessage } from '../../session/message.ts';
import type { InterfaceReference, PvdReference } from '../../session/reference.ts';
import type { MifRequest } from '../../session/request.ts';
import { interfaceState } from '../wording.ts';

export function tellMessage(message: MifRequest | MifMessage): { type: string; facts: string } {
  return { type: message.type, facts: factsOf(message) };
}

function factsOf(message: MifRequest | MifMessage): string {
  switch (message.type) {
    case 'interface-announcement':
      return facts(linkText(message.interface), interfaceState(message), message.kind ?? message.hardwareType);
    case 'provisioning-domain-announcement':
      return facts(
        domainText(message.pvd),
        `on ${message.interface.name}`,
        `by ${message.providers.join(' and ')}`,
        message.validated === false && 'not usable now',
      );
    case 'no-provisioning-domain-announcement':
      return facts(domainText(message.pvd), message.interface && `on ${message.interface.name}`, message.reason);
    case 'address-announcement':
      return facts(`${message.address}/${message.prefixLength}`, `in ${message.pvd.id}`, message.state);
    case 'no-address-announcement':
      return facts(`${message.address}/${message.prefixLength}`, `in ${message.pvd.id}`);
    case 'connected':
      return facts(
        `#${message.connectionId}`,
        `from ${message.source}`,
        `over ${message.interface.name}`,
        `${Math.round(message.elapsedMs)} ms`,
      );
    case 'not-connected':
      return facts(`#${message.connectionId}`, message.reason);
    case 'connect-to-address':
      return facts(`#${message.connectionId}`, `to ${message.address} port ${message.port}`, `in ${message.pvd}`);
    case 'enumeration-done':
      return facts(`of ${message.request}`);
    default:
      return facts(
        ...Object.entries(message)
          .filter(([name]) => name !== 'type' && name !== 'extension')
          .map(([name, value]) => `${name} ${valueText(value)}`),
      );
  }
}

function linkText({ name, id }: InterfaceReference): string {
  return `${name} (${id})`;
}

function domainText({ id, handle }: PvdReference): string {
  return `${id} (${handle})`;
}

function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('handle' in value) return domainText(value as PvdReference);
  if ('index' in value) return linkText(value as InterfaceReference);
  return JSON.stringify(value);
}

function facts(...texts: readonly (string | false | undefined)[]): string {
  return texts.filter(Boolean).join(', ');
}
