// SPDX-License-Identifier: MIT
// What a policy may say, as the JSON Schema that policies are checked against. The package has the same as
// schema/policy.schema.json, for editors. Formats are those of format.ts.

/** Printed as it is, so without octets that a terminal would take for more than text (SEC-25). */
const text = { type: 'string', minLength: 1, maxLength: 128, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' } as const;
const address = { type: 'string', format: 'address' } as const;
const prefix = { type: 'string', format: 'prefix' } as const;
const domain = { type: 'string', format: 'domain' } as const;
const listOf = <const T>(items: T) => ({ type: 'array', items, maxItems: 64 }) as const;

export const policySchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Policy of node-mif',
  description:
    'What the administrator of a host, or a program, says of its provisioning domains and how they are used.',
  type: 'object',
  required: ['version'],
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    version: { const: 1 },
    domains: {
      type: 'array',
      maxItems: 256,
      description: 'More about domains that are there, or domains of their own.',
      items: { $ref: '#/$defs/domain' },
    },
    rules: {
      type: 'array',
      maxItems: 256,
      description:
        "Which domains may be used for what; above the wishes of applications. The first entry's wish comes first.",
      items: { $ref: '#/$defs/rule' },
    },
  },
  $defs: {
    domain: {
      type: 'object',
      additionalProperties: false,
      required: ['match'],
      properties: {
        match: {
          type: 'object',
          description:
            'Which interfaces and domains are meant: all that is named must hold. {} is every domain of every interface.',
          additionalProperties: false,
          properties: {
            interface: { ...text, description: 'Name of the interface; * stands for any characters.' },
            kind: { ...text, description: 'Kind of the interface, such as wireguard.' },
            provider: { ...address, description: 'A router of the domain.' },
            prefix: { ...prefix, description: 'The domain has a prefix or an address in this one.' },
            pvd: { ...text, description: 'Id of the domain.' },
          },
        },
        define: { ...text, description: 'Makes a domain of this id on the interfaces that match.' },
        prefixes: {
          ...listOf(prefix),
          description: 'Whose addresses belong to the domain that is made; absent for all that nobody claims.',
        },
        resolvers: { ...listOf(address), description: 'Resolvers of the domain.' },
        searchDomains: { ...listOf(domain), description: 'Appended to short names.' },
        zones: { ...listOf(domain), description: 'The resolvers know the names below these.' },
        categories: { ...listOf(text), description: 'Words that applications choose by, such as internet or voice.' },
        metered: { type: 'boolean', description: 'Traffic costs.' },
        trusted: { type: 'boolean', description: 'What the domain says of names and routes is believed.' },
        hidden: { type: 'boolean', description: 'Nobody sees or uses the domain.' },
      },
    },
    rule: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: { ...text, description: 'What errors call it.' },
        for: {
          type: 'object',
          description: 'Destinations that it is about; absent for all.',
          additionalProperties: false,
          properties: { prefixes: listOf(prefix), names: listOf({ type: 'string', format: 'domain-pattern' }) },
        },
        require: { $ref: '#/$defs/criteria', description: 'Nothing else is used, even while no such domain is up.' },
        prohibit: { $ref: '#/$defs/criteria', description: 'Never used.' },
        prefer: { $ref: '#/$defs/criteria', description: 'Tried first.' },
        avoid: { $ref: '#/$defs/criteria', description: 'Tried last.' },
      },
    },
    criteria: {
      type: 'object',
      description: 'Properties of a domain: all that is named must hold.',
      additionalProperties: false,
      minProperties: 1,
      properties: {
        pvd: text,
        interface: text,
        kind: text,
        category: text,
        metered: { type: 'boolean' },
        trusted: { type: 'boolean' },
      },
    },
  },
} as const;
