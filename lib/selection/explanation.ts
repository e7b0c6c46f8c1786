// SPDX-License-Identifier: MIT
// A selection with its reasons: every candidate that could have carried the traffic, and what decided for or against it.
// Made from what selection says it looked at; nothing is decided here. A value; it does not follow the network.

import type { MifErrorCode, Route, RouteFinding, Rule, RuleFinding, SelectionDoubt } from '../binding/contract.gen.ts';
import { type Candidate, candidatesOf } from './candidate.ts';
import { routeReason, ruleHint, ruleReason } from './finding-text.ts';
import type { Inquiry } from './inquiry.ts';
import type { Path } from './path.ts';

/** A policy rule that was looked at. */
export interface ExplainedRule {
  readonly finding: RuleFinding;
  readonly reason: string;
  /** What would make it apply. */
  readonly hint?: string | undefined;
  readonly rule: Rule;
}

/** A hop of a route that was looked at. */
export interface ExplainedRoute {
  readonly finding: RouteFinding;
  readonly reason: string;
  readonly interface?: string | undefined;
  readonly gateway?: string | undefined;
  /** Priority of the rule that named its table. */
  readonly priority: number;
  readonly route: Route;
}

/** What `host.explain` answers. */
export interface Explanation {
  /** Address without zone. */
  readonly destination: string;
  /** What `select` answers; null when it throws. */
  readonly chosen: Path | null;
  /** What `select` throws; only where there is no way. */
  readonly error?: { readonly code: MifErrorCode; readonly message: string; readonly hint?: string | undefined };
  /** The chosen one first. */
  readonly candidates: readonly Candidate[];
  /** Policy rules, in the order in which they were looked at. */
  readonly rules: readonly ExplainedRule[];
  /** Hops of routes, in the order in which they were looked at. */
  readonly routes: readonly ExplainedRoute[];
  /** What may go wrong all the same; one sentence each. */
  readonly warnings: readonly string[];
  /** Why it may not be what the kernel does; empty when there is no doubt. */
  readonly doubts: readonly SelectionDoubt[];
}

/** All that it takes. */
export type Findings = Inquiry & Pick<Explanation, 'destination' | 'warnings'>;

export function explanationOf(findings: Findings): Explanation {
  const { destination, chosen, error, account, warnings } = findings;
  return {
    destination,
    chosen,
    ...(error === undefined ? {} : { error }),
    candidates: candidatesOf(findings),
    rules: (account?.rules ?? []).map((each) => ({
      finding: each.finding,
      reason: ruleReason(each),
      hint: ruleHint(each),
      rule: each.rule,
    })),
    routes: (account?.routes ?? []).map((each) => ({
      finding: each.finding,
      reason: routeReason(each),
      interface: each.interface,
      gateway: each.gateway,
      priority: each.priority,
      route: each.route,
    })),
    warnings,
    doubts: account?.selection.doubts ?? [],
  };
}
