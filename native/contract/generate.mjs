// SPDX-License-Identifier: MIT
// Writes everything that C++ and TypeScript must say alike from contract.json, so that neither can drift:
//   native/base/error-code.gen.h                      error codes
//   native/contract/contract.gen.h, contract.gen.cc   enums, records, comparison, packing
//   lib/binding/contract.gen.ts                       types, names, unpacking, error codes
//   docs/errors.md, docs/records.md                   the same for readers
// `--check` writes nothing and fails when a committed output is not what it would write.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '..', '..', '..');
const source = readFileSync(join(root, 'native/contract/contract.json'), 'utf8');
const contract = JSON.parse(source);
const digest = createHash('sha256').update(JSON.stringify(contract)).digest('hex').slice(0, 16);

const banner = 'Generated from native/contract/contract.json by generate.mjs. Do not edit.';

/** `no-dad` and `kernel_ra` to `NoDad` and `KernelRa`. */
const pascal = (name) =>
  name
    .split(/[-_ ]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');

/** Splits a field's type into its head and its argument: `list:Hop` to `['list', 'Hop']`. */
const typeOf = (field) => {
  const [head, argument] = field.type.split(':');
  return { head, argument };
};

const scalars = { u8: 'std::uint8_t', u16: 'std::uint16_t', u32: 'std::uint32_t', i32: 'std::int32_t' };

/** Types that have a value of their own for "absent" and so need no std::optional. */
const selfOptional = new Set(['address', 'prefix', 'string', 'mac', 'list', 'lifetime']);

function checkContract() {
  for (const [name, { values }] of [...Object.entries(contract.enums), ...Object.entries(contract.flags)]) {
    const codes = Object.values(values).map(([code]) => code);
    if (new Set(codes).size !== codes.length) throw new Error(`${name}: two values share a code`);
  }
  for (const [name, { fields }] of Object.entries(contract.records)) {
    if (Object.values(fields).filter((f) => f.optional).length > 32)
      throw new Error(`${name}: more than 32 optional fields do not fit the presence word`);
  }
}

// ---------------------------------------------------------------------------------------------------
// C++

function cppType(field) {
  const { head, argument } = typeOf(field);
  let base;
  if (head in scalars) base = scalars[head];
  else if (head === 'bool') base = 'bool';
  else if (head === 'interface' || head === 'flags') base = 'std::uint32_t';
  else if (head === 'enumNumber') base = 'std::uint8_t';
  else if (head === 'enum' || head === 'record') base = argument;
  else if (head === 'string') base = 'std::string';
  else if (head === 'mac') base = 'address::LinkAddress';
  else if (head === 'address') base = 'address::IpAddress';
  else if (head === 'prefix') base = 'address::Prefix';
  else if (head === 'lifetime') base = 'base::Deadline';
  else if (head === 'list') base = `std::vector<${argument === 'string' ? 'std::string' : argument}>`;
  else throw new Error(`unknown type ${field.type}`);
  return field.optional && !selfOptional.has(head) ? `std::optional<${base}>` : base;
}

function cppDefault(field) {
  const { head, argument } = typeOf(field);
  if (field.optional && !selfOptional.has(head)) return '';
  if (head === 'enum') {
    // The value 0 need not be a named one (HardwareType).
    return ` = static_cast<${argument}>(0)`;
  }
  if (head === 'bool') return ' = false';
  if (head === 'lifetime') return ' = base::kForever';
  return head in scalars || ['interface', 'flags', 'enumNumber'].includes(head) ? ' = 0' : '';
}

function cppPresence(name, field) {
  const { head } = typeOf(field);
  if (head === 'string' || head === 'list') return `!record.${name}.empty()`;
  if (head === 'mac' || head === 'address' || head === 'prefix') return `record.${name}.isPresent()`;
  if (head === 'lifetime') return `record.${name} != base::kForever`;
  return `record.${name}.has_value()`;
}

function cppPack(name, field) {
  const { head, argument } = typeOf(field);
  const access = field.optional && !selfOptional.has(head) ? `*record.${name}` : `record.${name}`;
  let statement;
  if (head === 'enum') statement = `packer.word(static_cast<std::uint32_t>(${access}));`;
  else if (head === 'i32') statement = `packer.word(static_cast<std::uint32_t>(${access}));`;
  else if (head === 'bool') statement = `packer.word(${access} ? 1 : 0);`;
  else if (head in scalars || ['interface', 'flags', 'enumNumber'].includes(head))
    statement = `packer.word(${access});`;
  else if (head === 'list')
    statement =
      `packer.word(static_cast<std::uint32_t>(${access}.size()));\n` +
      (argument === 'string'
        ? `  for (const auto& item : ${access}) packer.string(item);`
        : `  for (const auto& item : ${access}) pack(item, packer);`);
  else if (head === 'record') statement = `pack(${access}, packer);`;
  else statement = `packer.${head}(${access});`;
  if (!field.optional) return `  ${statement}`;
  return `  if (${cppPresence(name, field)}) {\n  ${statement.replaceAll('\n', '\n  ')}\n  }`;
}

function cppEnums() {
  const out = [];
  for (const [name, { doc, values }] of Object.entries(contract.enums)) {
    if (name === 'AddressFamily') continue; // crosses as a number
    out.push(`// ${doc}`, `enum class ${name} : std::uint32_t {`);
    for (const [value, [code, valueDoc]] of Object.entries(values))
      out.push(`  k${pascal(value)} = ${code},  // ${valueDoc}`);
    out.push('};', '');
  }
  for (const [name, { doc, values }] of Object.entries(contract.flags)) {
    out.push(`// ${doc}`, `namespace ${name} {`);
    for (const [value, [code, valueDoc]] of Object.entries(values))
      out.push(`inline constexpr std::uint32_t k${pascal(value)} = 0x${code.toString(16)};  // ${valueDoc}`);
    out.push(`}  // namespace ${name}`, '');
  }
  return out;
}

const cppErrorName = (code) => pascal(code.replace('ERR_MIF_', '').toLowerCase());

function cppRecords() {
  const out = [];
  for (const [name, { doc, fields }] of Object.entries(contract.records)) {
    out.push(`// ${doc}`, `struct ${name} {`);
    for (const [field, spec] of Object.entries(fields)) {
      out.push(`  // ${spec.doc}`, `  ${cppType(spec)} ${field}${cppDefault(spec)};`);
    }
    out.push('};', '');
  }
  return out;
}

const comparable = (spec) => !spec.volatile && typeOf(spec).head !== 'lifetime';

/** Whether two records are the same one. A key that is a word is the only flag of its field that tells them apart. */
function identity(fields) {
  const keys = Object.entries(fields).filter(([, spec]) => spec.key && comparable(spec));
  return conjunction(
    keys.map(([field, spec]) => (spec.key === true ? equality(field, spec) : flagEquality(field, spec))),
  );
}

function content(fields) {
  const compared = Object.entries(fields).filter(([, spec]) => comparable(spec));
  return conjunction(compared.map(([field, spec]) => equality(field, spec)));
}

function equality(field, spec) {
  const { head, argument } = typeOf(spec);
  if (head === 'list' && argument !== 'string') return `sameList(a.${field}, b.${field})`;
  if (head === 'record') return `${spec.optional ? 'sameOptional' : 'sameContent'}(a.${field}, b.${field})`;
  return `a.${field} == b.${field}`;
}

function flagEquality(field, spec) {
  const flag = `${typeOf(spec).argument}::k${pascal(spec.key)}`;
  return `(a.${field} & ${flag}) == (b.${field} & ${flag})`;
}

function conjunction(terms) {
  return terms.length === 0 ? 'true' : terms.join(' &&\n         ');
}

function generateHeader() {
  return [
    '// SPDX-License-Identifier: MIT',
    `// ${banner}`,
    '#pragma once',
    '',
    '#include <cstdint>',
    '#include <optional>',
    '#include <string>',
    '#include <vector>',
    '',
    '#include "address/ip-address.h"',
    '#include "address/link-address.h"',
    '#include "address/prefix.h"',
    '#include "base/clock.h"',
    '',
    'namespace mif::contract {',
    '',
    '// Identifies the contract.json that both sides were generated from.',
    `inline constexpr char kDigest[] = "${digest}";`,
    '',
    ...cppEnums(),
    ...cppRecords(),
    'class Packer;',
    '',
    ...Object.entries(contract.records).flatMap(([name, { kind }]) => [
      ...(kind
        ? [
            `// Whether both describe the same ${kind}, whatever its other attributes.`,
            `bool sameIdentity(const ${name}& a, const ${name}& b);`,
            '// Whether they differ in nothing that is worth a change event: lifetimes and states that the',
            '// kernel does not announce are left out.',
          ]
        : []),
      `bool sameContent(const ${name}& a, const ${name}& b);`,
      `void pack(const ${name}& record, Packer& packer);`,
      '',
    ]),
    '}  // namespace mif::contract',
    '',
  ].join('\n');
}

function generateSource() {
  const out = [
    '// SPDX-License-Identifier: MIT',
    `// ${banner}`,
    '#include "contract/contract.gen.h"',
    '',
    '#include "contract/packer.h"',
    '',
    'namespace mif::contract {',
    '',
    'namespace {',
    '',
    'template <typename T>',
    'bool sameList(const std::vector<T>& a, const std::vector<T>& b) {',
    '  if (a.size() != b.size()) return false;',
    '  for (std::size_t i = 0; i < a.size(); ++i) {',
    '    if (!sameContent(a[i], b[i])) return false;',
    '  }',
    '  return true;',
    '}',
    '',
    'template <typename T>',
    'bool sameOptional(const std::optional<T>& a, const std::optional<T>& b) {',
    '  return a.has_value() == b.has_value() && (!a || sameContent(*a, *b));',
    '}',
    '',
    '}  // namespace',
    '',
  ];
  for (const [name, { kind, fields }] of Object.entries(contract.records)) {
    if (kind) {
      out.push(`bool sameIdentity(const ${name}& a, const ${name}& b) {`);
      out.push(`  return ${identity(fields)};`, '}', '');
    }
    out.push(`bool sameContent(const ${name}& a, const ${name}& b) {`);
    out.push(`  return ${content(fields)};`, '}', '');
    const optional = Object.entries(fields).filter(([, spec]) => spec.optional);
    out.push(`void pack(const ${name}& record, Packer& packer) {`);
    if (optional.length > 0) {
      out.push('  std::uint32_t present = 0;');
      optional.forEach(([field, spec], bit) => {
        out.push(`  if (${cppPresence(field, spec)}) present |= ${2 ** bit}u;`);
      });
      out.push('  packer.word(present);');
    }
    for (const [field, spec] of Object.entries(fields)) out.push(cppPack(field, spec));
    out.push('}', '');
  }
  out.push('}  // namespace mif::contract', '');
  return out.join('\n');
}

function generateErrorCodes() {
  const codes = Object.entries(contract.errors);
  return [
    '// SPDX-License-Identifier: MIT',
    `// ${banner}`,
    '#pragma once',
    '',
    '#include <cstdint>',
    '',
    'namespace mif::base {',
    '',
    '// Stable error codes; nameOf gives the word that the user sees.',
    'enum class ErrorCode : std::uint32_t {',
    ...codes.map(([code, [doc]]) => `  k${cppErrorName(code)},  // ${doc}`),
    '};',
    '',
    '// The user-visible name of a code, such as "ERR_MIF_CLOSED".',
    'constexpr const char* nameOf(ErrorCode code) {',
    '  switch (code) {',
    ...codes.map(([code]) => `    case ErrorCode::k${cppErrorName(code)}:\n      return "${code}";`),
    '  }',
    '  return "ERR_MIF_KERNEL";',
    '}',
    '',
    '}  // namespace mif::base',
    '',
  ].join('\n');
}

// ---------------------------------------------------------------------------------------------------
// TypeScript

function tsType(field) {
  const { head, argument } = typeOf(field);
  if (head in scalars || head === 'interface') return 'number';
  if (head === 'bool') return 'boolean';
  if (head === 'lifetime') return field.optional ? 'number' : 'number | null';
  if (head === 'enumNumber') return argument;
  if (head === 'enum' || head === 'record') return argument;
  if (head === 'flags') return `readonly ${argument}[]`;
  if (head === 'list') return `readonly ${argument === 'string' ? 'string' : argument}[]`;
  return 'string'; // string, mac, address, prefix
}

function tsUnpack(field) {
  const { head, argument } = typeOf(field);
  if (head === 'i32') return 'u.word() | 0';
  if (head in scalars || head === 'interface') return 'u.word()';
  if (head === 'bool') return 'u.word() === 1';
  if (head === 'enumNumber') return `u.word() as ${argument}`;
  if (head === 'enum') return `nameOf(${argument}Names, u.word()) as ${argument}`;
  if (head === 'flags') return `flagNames(${argument}Names, u.word()) as ${argument}[]`;
  if (head === 'lifetime' && field.optional) return 'u.seconds()';
  if (head === 'record') return `unpack${argument}(u)`;
  if (head === 'list') return argument === 'string' ? 'u.list(() => u.string())' : `u.list(() => unpack${argument}(u))`;
  return `u.${head}()`;
}

function tsRecord(name, { doc, fields }) {
  const out = [`/** ${doc} */`, `export interface ${name} {`];
  for (const [field, spec] of Object.entries(fields)) {
    const mark = spec.optional ? '?' : '';
    const orUndefined = spec.optional ? ' | undefined' : '';
    if (typeOf(spec).head === 'interface')
      out.push(
        '  /** Name of the interface when the snapshot was taken. */',
        `  interface${mark}: string${orUndefined};`,
      );
    out.push(`  /** ${spec.doc} */`, `  ${spec.name ?? field}${mark}: ${tsType(spec)}${orUndefined};`);
  }
  out.push('}', '');
  const optional = Object.entries(fields).filter(([, spec]) => spec.optional);
  out.push(`/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */`);
  out.push(`export function unpack${name}(u: Unpacker): ${name} {`);
  if (optional.length > 0) out.push('  const present = u.word();');
  const literal = [];
  for (const [field, spec] of Object.entries(fields)) {
    const bit = optional.findIndex(([other]) => other === field);
    const read = tsUnpack(spec);
    const local = spec.name ?? field;
    out.push(`  const ${local} = ${bit < 0 ? read : `present & ${2 ** bit} ? ${read} : undefined`};`);
    if (typeOf(spec).head === 'interface')
      literal.push(
        bit < 0
          ? `interface: u.interfaceName(${local})`
          : `interface: ${local} === undefined ? undefined : u.interfaceName(${local})`,
      );
    literal.push(local);
  }
  out.push(`  return { ${literal.join(', ')} };`, '}', '');
  return out;
}

/** What records are equal in: the fields that make a change worth an event. */
function generateTypeScript() {
  const out = [
    '// SPDX-License-Identifier: MIT',
    `// ${banner}`,
    '',
    "import { flagNames, nameOf, type Unpacker } from './unpacker.ts';",
    '',
    '/** Identifies the contract.json that both sides were generated from. */',
    `export const contractDigest = '${digest}';`,
    '',
  ];
  for (const [name, { doc, values, open }] of Object.entries(contract.enums)) {
    const numeric = name === 'AddressFamily';
    const union = Object.keys(values).map((value) => (numeric ? value : `'${value}'`));
    if (open) union.push('`$' + '{number}`');
    out.push(`/** ${doc}${open ? ' Codes without a name here appear as decimal digits.' : ''} */`);
    out.push(`export type ${name} = ${union.join(' | ')};`);
    if (!numeric)
      out.push(
        `/** Code to name. */`,
        `export const ${name}Names: Readonly<Record<number, string>> = { ${Object.entries(values)
          .map(([value, [code]]) => `${code}: '${value}'`)
          .join(', ')} };`,
        '',
      );
  }
  for (const [name, { doc, values }] of Object.entries(contract.flags)) {
    const union = Object.keys(values).map((value) => `'${value}'`);
    out.push(`/** ${doc} Bits without a name here appear as \`0x…\`. */`);
    out.push(`export type ${name} = ${union.join(' | ')} | \`0x\${string}\`;`);
    out.push(
      `/** Bit to name, lowest first. */`,
      `export const ${name}Names: readonly (readonly [number, string])[] = [${Object.entries(values)
        .map(([value, [code]]) => `[${code}, '${value}']`)
        .join(', ')}];`,
      '',
    );
  }
  for (const [name, record] of Object.entries(contract.records)) out.push(...tsRecord(name, record));
  out.push('/** Stable code of every error of this package. */');
  out.push(
    `export type MifErrorCode = ${Object.keys(contract.errors)
      .map((code) => `'${code}'`)
      .join(' | ')};`,
    '',
  );
  out.push('/** What to do about an error, where the place that made it knew nothing better. */');
  out.push('export const errorHints: Readonly<Record<MifErrorCode, string>> = {');
  for (const [code, [, hint]] of Object.entries(contract.errors)) out.push(`  ${code}: ${JSON.stringify(hint)},`);
  out.push('};', '');
  return out.join('\n');
}

// ---------------------------------------------------------------------------------------------------
// Documents

function generateErrorDoc() {
  const rows = Object.entries(contract.errors).map(([code, [doc, hint]]) => `| \`${code}\` | ${doc} | ${hint} |`);
  return [
    '# Errors',
    '',
    `<!-- ${banner} -->`,
    '',
    'Every error of this package is a `MifError` with a stable `code`, a `message` that says what happened and a',
    '`hint` that says what to do. `isMifError(error, code)` narrows it. What a peer or the kernel says about a',
    'connection keeps its own code (`ECONNREFUSED`, `ETIMEDOUT` …) and carries ours as `error.mif`.',
    '',
    '| code | what happened | what to do |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function generateRecordDoc() {
  const out = [
    '# Records',
    '',
    `<!-- ${banner} -->`,
    '',
    'The shapes in which tables of a snapshot, changes and `--json` speak.',
    '',
  ];
  for (const [name, { doc, fields }] of Object.entries(contract.records)) {
    out.push(`## ${name}`, '', doc, '', '| field | type | meaning |', '|---|---|---|');
    for (const [field, spec] of Object.entries(fields)) {
      if (typeOf(spec).head === 'interface') out.push('| `interface` | string | Name of that interface. |');
      const type = tsType(spec).replace('readonly ', '').replaceAll('|', '\\|');
      out.push(`| \`${spec.name ?? field}\`${spec.optional ? '?' : ''} | ${type} | ${spec.doc} |`);
    }
    out.push('');
  }
  for (const [name, { doc, values }] of [...Object.entries(contract.enums), ...Object.entries(contract.flags)]) {
    out.push(`## ${name}`, '', doc, '', '| value | code | meaning |', '|---|---|---|');
    for (const [value, [code, valueDoc]] of Object.entries(values))
      out.push(`| \`${value}\` | ${code} | ${valueDoc} |`);
    out.push('');
  }
  return out.join('\n');
}

checkContract();
const outputs = {
  'native/base/error-code.gen.h': generateErrorCodes(),
  'native/contract/contract.gen.h': generateHeader(),
  'native/contract/contract.gen.cc': generateSource(),
  'lib/binding/contract.gen.ts': generateTypeScript(),
  'docs/errors.md': generateErrorDoc(),
  'docs/records.md': generateRecordDoc(),
};

if (process.argv.includes('--check')) {
  const read = (path) => {
    try {
      return readFileSync(join(root, path), 'utf8');
    } catch {
      return undefined;
    }
  };
  const stale = Object.entries(outputs).filter(([path, text]) => read(path) !== text);
  for (const [path] of stale) console.error(`${path} is not what contract.json says; run npm run contract`);
  process.exit(stale.length === 0 ? 0 : 1);
}
for (const [path, text] of Object.entries(outputs)) writeFileSync(join(root, path), text);
