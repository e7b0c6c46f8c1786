// SPDX-License-Identifier: MIT
// Checks a value against a JSON Schema: the keywords that ours has, and no other. Says the first thing that is wrong and where, as
// a JSON Pointer (RFC 6901).

import { formats } from './format.ts';

export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: 'object' | 'array' | 'string' | 'boolean';
  readonly const?: unknown;
  readonly format?: keyof typeof formats;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly properties?: Readonly<Record<string, Schema>>;
}

export interface Problem {
  /** `/domains/0/resolvers/1`; empty for the whole value. */
  readonly path: string;
  readonly why: string;
}

/** @returns undefined when the value is as the schema says. */
export function problemOf(schema: Schema, value: unknown): Problem | undefined {
  return check(schema, value, '', schema.$defs ?? {});
}

function check(
  schema: Schema,
  value: unknown,
  path: string,
  defs: Readonly<Record<string, Schema>>,
): Problem | undefined {
  const wrong = (why: string): Problem => ({ path, why });
  if (schema.$ref !== undefined) return check(defs[schema.$ref.slice('#/$defs/'.length)]!, value, path, defs);
  if (schema.const !== undefined && value !== schema.const) return wrong(`is not ${JSON.stringify(schema.const)}`);
  if (schema.type === 'boolean' && typeof value !== 'boolean') return wrong('is neither true nor false');
  if (schema.type === 'string') return checkText(schema, value, wrong);
  if (schema.type === 'array') {
    if (!Array.isArray(value)) return wrong('is no list');
    if (value.length > (schema.maxItems ?? Number.POSITIVE_INFINITY))
      return wrong(`has more than ${schema.maxItems} items`);
    return first(value, (item, at) => check(schema.items!, item, `${path}/${at}`, defs));
  }
  if (schema.type !== 'object') return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('is no object');
  const properties = schema.properties ?? {};
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(properties, name));
  if (unknown !== undefined) {
    return { path: `${path}/${escaped(unknown)}`, why: `is unknown; known are ${Object.keys(properties).join(', ')}` };
  }
  const missing = schema.required?.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return wrong(`has no ${missing}`);
  if (Object.keys(value).length < (schema.minProperties ?? 0)) return wrong('is empty');
  return first(Object.entries(value), ([name, inner]) =>
    check(properties[name]!, inner, `${path}/${escaped(name)}`, defs),
  );
}

function checkText(schema: Schema, value: unknown, wrong: (why: string) => Problem): Problem | undefined {
  if (typeof value !== 'string') return wrong('is no text');
  if (value.length < (schema.minLength ?? 0)) return wrong('is empty');
  if (value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) return wrong('is too long');
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value))
    return wrong('has control characters');
  if (schema.format === undefined || formats[schema.format].test(value)) return undefined;
  return wrong(`is no ${formats[schema.format].name}: ${JSON.stringify(value.slice(0, 64))}`);
}

function first<T>(values: readonly T[], find: (value: T, at: number) => Problem | undefined): Problem | undefined {
  for (const [at, value] of values.entries()) {
    const problem = find(value, at);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const escaped = (name: string) =>
  JSON.stringify(name.slice(0, 64)).slice(1, -1).replaceAll('~', '~0').replaceAll('/', '~1');
