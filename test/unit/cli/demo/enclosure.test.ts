// SPDX-License-Identifier: MIT

import { describe, expect, test } from 'vitest';
import { whatForbids } from '../../../../lib/cli/demo/enclosure.ts';

function hint(settings: Record<string, string>): string {
  return whatForbids((path) => settings[path]);
}

describe('cli/demo/enclosure', () => {
  test.each([
    ['kernel/unprivileged_userns_clone', '0', 'kernel.unprivileged_userns_clone=1'],
    ['kernel/apparmor_restrict_unprivileged_userns', '1', 'kernel.apparmor_restrict_unprivileged_userns=0'],
    ['user/max_user_namespaces', '0', 'user.max_user_namespaces='],
    ['user/max_net_namespaces', '0', 'user.max_net_namespaces='],
  ])('cli/demo/enclosure: %s = %s is named with its remedy', (path, value, remedy) => {
    expect(hint({ [path]: value })).toContain(remedy);
  });

  test('cli/demo/enclosure: settings that allow it, or do not exist, are not blamed', () => {
    const allowing = { 'kernel/unprivileged_userns_clone': '1', 'user/max_user_namespaces': '96365' };
    expect(hint(allowing)).not.toContain('sysctl');
    expect(hint({})).toContain('SYS_ADMIN');
  });
});
