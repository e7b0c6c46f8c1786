// SPDX-License-Identifier: MIT
// Writes docs/conformance.md: each numbered requirement and each trap, the sources that cite it and the tests that name
// it in their titles. `--check` compares instead of writing. Errors: a number that docs/requirements.json does not know,
// a trap that docs/traps.md does not know, and a trap of ours that neither a test names nor its row says why not.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, 'docs', 'conformance.md');
const requirements = JSON.parse(readFileSync(join(root, 'docs', 'requirements.json'), 'utf8'));

const sections = {
  MIF: 'The MIF API',
  PVD: 'Provisioning domains',
  SAS: 'Source address, destination order, first hop',
  DNS: 'Name resolution',
  HE: 'Racing connections',
  ROUTE: 'Routes',
  SEC: 'Security',
  APP: 'Application layers',
};
const id = new RegExp(`\\b(?:${Object.keys(sections).join('|')})-\\d+\\b`, 'g');
/** Rows of docs/traps.md, and of these the sections that we owe a test for each. */
const traps = new Map();
for (const [, row, text] of readFileSync(join(root, 'docs', 'traps.md'), 'utf8').matchAll(
  /^\| ([A-J]\d+) \| (.*) \|$/gm,
)) {
  traps.set(row, text);
}
const owed = /^[A-EJ]/;
const excuse = 'Not tested: ';
const trap = /\b[A-J]\d{1,2}\b/g;
/** Code says `trap A2` or `traps B3, D1`, a test title names rows in parentheses. */
const trapsInCode = /\btraps? [A-J]\d+(?:(?:, | and )[A-J]\d+)*/g;
const trapsInTitles = /\([^()]*\)/g;

/** String literals of one line: what a test title is written in. */
const literal = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\\n]|\\.)*`/g;

function* filesBelow(folder, pattern) {
  for (const name of readdirSync(join(root, folder), { recursive: true }).sort()) {
    if (pattern.test(name)) yield `${folder}/${name.split(sep).join('/')}`;
  }
}

/** Id → files, for every id in what `pick` leaves of a file's text. */
function citations(folders, pattern, id, pick) {
  const found = new Map();
  for (const folder of folders) {
    for (const path of filesBelow(folder, pattern)) {
      for (const [number] of pick(readFileSync(join(root, path), 'utf8')).matchAll(id)) {
        if (!found.has(number)) found.set(number, new Set());
        found.get(number).add(path);
      }
    }
  }
  return found;
}

const [sources, titles] = [/\.(ts|h|cc|json)$/, /(\.test\.ts|test-d\.ts|-test\.cc)$/];
const literals = (text) => (text.match(literal) ?? []).join('\n');
const all = (pattern) => (text) => (text.match(pattern) ?? []).join('\n');

const code = citations(['lib', 'native'], sources, id, (text) => text);
const tests = citations(['test'], titles, id, literals);
const trapCode = citations(['lib', 'native'], sources, trap, all(trapsInCode));
const trapTests = citations(['test'], titles, trap, (text) => all(trapsInTitles)(literals(text)));

const complaints = [];

const unknown = [...new Set([...code.keys(), ...tests.keys()])].filter((number) => !(number in requirements)).sort();
for (const number of unknown) {
  const where = [...(code.get(number) ?? []), ...(tests.get(number) ?? [])].join(', ');
  complaints.push(`${number} is not in docs/requirements.json (cited in ${where})`);
}
for (const [row, paths] of [...trapCode, ...trapTests]) {
  if (!traps.has(row)) complaints.push(`trap ${row} is not in docs/traps.md (cited in ${[...paths].join(', ')})`);
}
for (const [row, text] of traps) {
  const isExcused = text.includes(excuse);
  if (owed.test(row) && !trapTests.has(row) && !isExcused) {
    complaints.push(`trap ${row}: no test title names it, and docs/traps.md does not say "${excuse}why"`);
  }
  if (trapTests.has(row) && isExcused)
    complaints.push(`trap ${row}: docs/traps.md says "${excuse}…", and a test names it`);
}

function links(paths) {
  return [...(paths ?? [])].map((path) => `[${path.split('/').slice(1).join('/')}](../${path})`).join('<br>');
}

function table(prefix) {
  const numbers = Object.keys(requirements).filter((number) => number.startsWith(`${prefix}-`));
  if (numbers.length === 0) return '';
  const tested = numbers.filter((number) => tests.has(number));
  const rows = numbers.map((number) => {
    return `| ${number} | ${requirements[number]} | ${links(code.get(number))} | ${links(tests.get(number))} |`;
  });
  return `
## ${sections[prefix]}

${tested.length} of the ${numbers.length} listed here are named by a test.

| id | requirement | code that cites it | tests that name it |
|---|---|---|---|
${rows.join('\n')}
`;
}

function trapTable() {
  const rows = [...traps].filter(([row]) => owed.test(row) || trapCode.has(row) || trapTests.has(row));
  const lines = rows.map(([row, text]) => {
    const [, why] = text.split(excuse);
    const tested = links(trapTests.get(row)) || (why === undefined ? '' : `not tested: ${why}`);
    return `| ${row} | ${links(trapCode.get(row))} | ${tested} |`;
  });
  return `
## Traps

How the kernel and the runtime mislead: [traps.md](traps.md). Rows of sections A to E and J have a test each or say why not.

| row | code that cites it | tests that name it |
|---|---|---|
${lines.join('\n')}
`;
}

const text = `# Conformance

<!-- Generated by scripts/conformance.mjs from docs/requirements.json, docs/traps.md and the ids in lib/, native/ and test/. -->

What this package owes to the standards, requirement by requirement, with the sources that cite it and the tests that
name it. A row without a test is not claimed. The text that binds is \`draft-ietf-mif-api-extension-05\`, RFC 7556 and
RFC 8801, with our resolutions where they are silent ([ADR 0006](adr/0006-which-draft-text-binds-us.md)).
${Object.keys(sections).map(table).join('')}${trapTable()}`;

for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) {
  process.exitCode = 1;
} else if (!process.argv.includes('--check')) {
  writeFileSync(output, text);
} else if (!existsSync(output) || readFileSync(output, 'utf8') !== text) {
  console.error('docs/conformance.md is not what the sources say; run `npm run conformance`');
  process.exitCode = 1;
}
