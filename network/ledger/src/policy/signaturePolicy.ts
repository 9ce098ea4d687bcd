import type { Member } from '../identity/index.js';
import type { SignaturePolicy, SignaturePolicyEnvelope } from '../wire/index.js';
import { compilePrincipal, type Principal } from './principal.js';

/** A signature policy, ready to be evaluated. */
export type Rule =
  | { readonly kind: 'signedBy'; readonly principal: Principal }
  | { readonly kind: 'outOf'; readonly required: number; readonly rules: readonly Rule[] };

const MAX_DEPTH = 32;
const MAX_RULES = 10_000;

/** @throws Error (of any class) if it is not a well-formed policy of version 0. */
export function compileSignaturePolicy(envelope: SignaturePolicyEnvelope): Rule {
  if (envelope.version !== 0) throw new Error('only policies of version 0 are understood');
  const principals = envelope.identities.map(compilePrincipal);
  return new Compiler(principals).rule(envelope.rule, 0);
}

/** Whether the signers satisfy the rule, each counted at most once: Fabric's greedy evaluation, in its order. */
export function isSatisfied(rule: Rule, signers: readonly Member[]): boolean {
  return evaluate(rule, signers, new Array<boolean>(signers.length).fill(false));
}

function evaluate(rule: Rule, signers: readonly Member[], used: boolean[]): boolean {
  if (rule.kind === 'signedBy') {
    const index = signers.findIndex((signer, position) => used[position] === false && rule.principal.matches(signer));
    if (index >= 0) used[index] = true;
    return index >= 0;
  }
  let satisfied = 0;
  for (const inner of rule.rules) {
    const attempt = [...used];
    if (!evaluate(inner, signers, attempt)) continue;
    satisfied++;
    attempt.forEach((value, position) => (used[position] = value));
  }
  return satisfied >= rule.required;
}

class Compiler {
  readonly #principals: readonly Principal[];
  #count = 0;

  constructor(principals: readonly Principal[]) {
    this.#principals = principals;
  }

  rule(policy: SignaturePolicy | undefined, depth: number): Rule {
    if (policy === undefined || depth > MAX_DEPTH || ++this.#count > MAX_RULES) {
      throw new Error('a rule is missing, or there are too many');
    }
    if (policy.nOutOf !== undefined) {
      const rules = policy.nOutOf.rules.map((inner) => this.rule(inner, depth + 1));
      return { kind: 'outOf', required: policy.nOutOf.n, rules };
    }
    const principal = policy.signedBy === undefined ? undefined : this.#principals[policy.signedBy];
    if (principal === undefined) throw new Error('a rule names no identity of the policy');
    return { kind: 'signedBy', principal };
  }
}
