// SPDX-License-Identifier: MIT
// A policy: what an administrator says in a file, or a program in an object of the same form. Reading one either gives all of it
// or says what is wrong: a policy that is understood in part would be another policy.

import { MifError } from '../../binding/mif-error.ts';
import { type Problem, problemOf } from './schema-check.ts';
import { policySchema } from './schema.ts';

export interface PolicyMatch {
  readonly interface?: string;
  readonly kind?: string;
  readonly provider?: string;
  readonly prefix?: string;
  readonly pvd?: string;
}

/** More about the domains that match, or a domain of its own (PVD-17). */
export interface PolicyDomain {
  readonly match: PolicyMatch;
  readonly define?: string;
  readonly prefixes?: readonly string[];
  readonly resolvers?: readonly string[];
  readonly searchDomains?: readonly string[];
  readonly zones?: readonly string[];
  readonly categories?: readonly string[];
  readonly metered?: boolean;
  readonly trusted?: boolean;
  /** PVD-40. */
  readonly hidden?: boolean;
}

/** Properties of a domain, of which all that are named must hold. */
export interface PolicyCriteria {
  readonly pvd?: string;
  /** `*` stands for any characters. */
  readonly interface?: string;
  readonly kind?: string;
  readonly category?: string;
  readonly metered?: boolean;
  readonly trusted?: boolean;
}

/** A rule above the wishes of applications (HE-27, PVD-40). */
export interface PolicyRule {
  readonly name?: string;
  readonly for?: { readonly prefixes?: readonly string[]; readonly names?: readonly string[] };
  /** Nothing else is used, even while no such domain is up (SEC-22). */
  readonly require?: PolicyCriteria;
  readonly prohibit?: PolicyCriteria;
  readonly prefer?: PolicyCriteria;
  readonly avoid?: PolicyCriteria;
}

export interface Policy {
  readonly version: 1;
  readonly domains?: readonly PolicyDomain[];
  readonly rules?: readonly PolicyRule[];
}

/** What is wrong with a value as a policy; undefined when it is one. */
export function policyProblem(value: unknown): Problem | undefined {
  const problem = problemOf(policySchema, value);
  if (problem !== undefined) return problem;
  const { domains = [], rules = [] } = value as Policy;
  for (const [at, { match, define, prefixes }] of domains.entries()) {
    const path = `/domains/${at}`;
    if (define === undefined) {
      if (prefixes !== undefined) return { path: `${path}/prefixes`, why: 'is for a domain that it defines' };
      continue;
    }
    if (match.interface === undefined && match.kind === undefined) {
      return {
        path: `${path}/match`,
        why: 'names neither interface nor kind, where the domain that it defines would be',
      };
    }
    const other = (['provider', 'prefix', 'pvd'] as const).find((name) => match[name] !== undefined);
    if (other !== undefined)
      return { path: `${path}/match/${other}`, why: 'is of domains that are there, and this one is defined' };
  }
  for (const [at, { require, prohibit, prefer, avoid }] of rules.entries()) {
    if ((require ?? prohibit ?? prefer ?? avoid) === undefined) {
      return { path: `/rules/${at}`, why: 'has none of require, prohibit, prefer, avoid' };
    }
  }
  return undefined;
}

/**
 * The policy that a program gives.
 * @throws MifError ERR_MIF_INVALID_ARG with the place in the object
 */
export function policyOf(value: unknown): Policy {
  // A copy: the program may go on changing its own, and getters and prototypes have no say.
  const copy = copyOf(value);
  const problem = policyProblem(copy);
  if (problem === undefined) return copy as Policy;
  throw new MifError('ERR_MIF_INVALID_ARG', `option policy: ${wordsOfProblem(problem)}`, {
    hint: 'schema/policy.schema.json of this package says what a policy may have.',
  });
}

function copyOf(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null');
  } catch {
    // A loop, or something JSON has no word for.
    return undefined;
  }
}

/** The policy of a file's text, or what is wrong with it. */
export function readPolicy(text: string): Policy | Problem {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    return { path: '', why: `is no JSON (${(error as Error).message})` };
  }
  return policyProblem(value) ?? (value as Policy);
}

export const isProblem = (value: Policy | Problem): value is Problem => 'why' in value;

export const wordsOfProblem = ({ path, why }: Problem) => `${path || 'it'} ${why}`;
