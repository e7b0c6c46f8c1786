// SPDX-License-Identifier: MIT
// The captive-portal option (RFC 8910 section 2.3): where the network's captive-portal API is.

import type { CaptivePortal, OptionRefusal } from '../router-option.ts';

/** Says that there is none (RFC 8910 section 2). */
const unrestricted = 'urn:ietf:params:capport:unrestricted';

export function readCaptivePortal(option: Uint8Array): CaptivePortal | OptionRefusal {
  let end = option.length;
  while (end > 2 && option[end - 1] === 0) end--;
  const text = String.fromCharCode(...option.subarray(2, end));
  if (text === unrestricted) return { type: 'captive-portal', uri: undefined };
  // Of a URI only printable ASCII is one, and the API is spoken to over TLS (RFC 8908 section 4).
  if (!/^https:\/\/[\x21-\x7e]+$/i.test(text) || !URL.canParse(text)) return 'uri';
  return { type: 'captive-portal', uri: text };
}
