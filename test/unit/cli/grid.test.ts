// SPDX-License-Identifier: MIT

import { describe, expect, test } from 'vitest';
import { type Column, gridLines } from '../../../lib/cli/grid.ts';
import { styles } from '../../../lib/cli/style.ts';

interface Row {
  name: string;
  size?: number;
}

const columns: Column<Row>[] = [
  { title: 'NAME', cell: (row) => row.name },
  { title: 'SIZE', cell: (row) => String(row.size ?? ''), right: true },
  { title: 'NOTE', cell: () => '' },
  { title: 'END', cell: () => 'x' },
];

const plain = styles(false);

describe('cli/grid', () => {
  test('cli/grid: columns are aligned, numbers at the right, silent columns left out', () => {
    expect([
      ...gridLines(
        columns,
        [
          { name: 'lo', size: 5 },
          { name: 'enp0s31f6', size: 65536 },
        ],
        plain,
      ),
    ]).toEqual(['NAME        SIZE  END\n', 'lo             5  x\n', 'enp0s31f6  65536  x\n']);
  });

  test('cli/grid: no records, no title', () => {
    expect([...gridLines(columns, [], plain)]).toEqual([]);
  });

  test('cli/grid: of a long table every row is printed once, while it is read', () => {
    let read = 0;
    function* rows(): Generator<Row> {
      for (; read < 100_000; ) yield { name: `n${read++}` };
    }
    const lines = gridLines(columns, rows(), plain);
    lines.next();
    expect(read).toBeLessThan(2000);
    const names = [...lines].map((line) => line.split(' ')[0]);
    expect(names).toHaveLength(100_000);
    expect(new Set(names).size).toBe(100_000);
  });

  test('cli/grid: what comes after the sample pushes its own line only', () => {
    const rows = Array.from({ length: 3000 }, (_, at) => ({ name: at === 2500 ? 'a-rather-long-name' : 'n' }));
    const lines = [...gridLines(columns, rows, plain)];
    const widths = new Set(lines.map((line) => line.indexOf('x')));
    expect(lines[2501]).toContain('a-rather-long-name ');
    // The title has no x; the long row stands out; all others agree.
    expect(widths.size).toBe(3);
  });

  test('cli/grid: a name cannot move the cursor (SEC-25)', () => {
    expect([...gridLines(columns, [{ name: '\u001b[2Jeth\n0' }], plain)].join('')).toContain('\\x1b[2Jeth\\x0a0');
  });

  test('cli/grid: colours do not count as width', () => {
    const [title] = gridLines(columns, [{ name: 'lo', size: 1 }], styles(true));
    expect(title).toBe('\u001b[2mNAME  SIZE  END\u001b[22m\n');
  });
});
