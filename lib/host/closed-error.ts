// SPDX-License-Identifier: MIT
// Why a call on a host that has ended fails.

import { MifError } from '../binding/mif-error.ts';

export function closedError(): MifError {
  return new MifError('ERR_MIF_CLOSED', 'the host is closed');
}
