// SPDX-License-Identifier: MIT
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isMifError, MifError } from '../../../lib/binding/mif-error.ts';
import { errorOf } from '../../../lib/binding/native.ts';

describe('error', () => {
  it('error: says what to do, in the words of the contract where its maker knew none better', () => {
    expect(new MifError('ERR_MIF_CLOSED', 'closed').hint).toBe('Open a new one.');
    expect(new MifError('ERR_MIF_CLOSED', 'closed', { hint: 'Wait.' }).hint).toBe('Wait.');
  });

  it('error: carries what applies and nothing else', () => {
    const cause = new Error('deeper');
    const error = new MifError('ERR_MIF_KERNEL', 'm', { errno: 19, interface: 'a0', pvd: undefined, cause });
    expect(Object.keys(error).sort()).toEqual(['code', 'errno', 'hint', 'interface']);
    expect(error.cause).toBe(cause);
    expect('cause' in new MifError('ERR_MIF_KERNEL', 'm')).toBe(false);
  });

  it('error: is printed with its class, code and hint', () => {
    expect(inspect(new MifError('ERR_MIF_CLOSED', 'cannot read: closed'))).toMatch(
      /^MifError: cannot read: closed\n {4}at [\s\S]*code: 'ERR_MIF_CLOSED',\s+hint: 'Open a new one\.'/,
    );
  });

  it('error: is known by its brand, also to another copy of the package, and by its code', () => {
    const error = new MifError('ERR_MIF_CLOSED', 'm');
    expect([isMifError(error), isMifError(error, 'ERR_MIF_CLOSED'), isMifError(error, 'ERR_MIF_KERNEL')]).toEqual([
      true,
      true,
      false,
    ]);
    const foreign = Object.assign(new Error('m'), { code: 'ERR_MIF_CLOSED', [Symbol.for('node-mif.error')]: true });
    expect(isMifError(foreign, 'ERR_MIF_CLOSED')).toBe(true);
    const lookalikes = [{ ...error }, Object.assign(new Error('m'), { code: 'ERR_MIF_CLOSED' }), undefined, null, 'x'];
    expect(lookalikes.filter((value) => isMifError(value))).toEqual([]);
  });

  it('error: a failure of the library keeps its code, call and number, and takes what the caller knows', () => {
    const failure = { code: 'ERR_MIF_NO_ADDRESS', message: 'm', syscall: 'bind', errno: 99 };
    const error = errorOf(failure, { interface: 'a0' });
    expect(error).toMatchObject({ ...failure, interface: 'a0', name: 'MifError' });
    // Of a library that is newer than this file; load.ts refuses those before it comes to this.
    expect(errorOf({ code: 'ERR_MIF_FROM_THE_FUTURE', message: 'm' }).code).toBe('ERR_MIF_KERNEL');
  });
});
