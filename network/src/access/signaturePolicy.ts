import type { common } from '@hyperledger/fabric-protos';
import type { Member } from './msp.js';
import { compilePrincipal, type Principal } from './principal.js';

/** A signature policy, ready to be evaluated. */
export type Rule =
  | { readonly kind: 'signedBy'; readonly principal: Principal }
  | { readonly kind: 'outOf'; readonly required: number; readonly rules: readonly Rule[] };

const MAX_DEPTH = 32;
const MAX_RULES = 10_000;

/** @throws Error (of any class) when it is not a well-formed policy of version 0. */
export function compileSignaturePolicy(envelope: common.SignaturePolicyEnvelope): Rule {
  if (envelope.getVersion() !== 0) throw new Error('only policies of version 0 are understood');
  const principals = envelope.getIdentitiesList().map(compilePrincipal);
  return new Compiler(principals).rule(envelope.getRule(), 0);
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

  rule(policy: common.SignaturePolicy | undefined, depth: number): Rule {
    if (policy === undefined || depth > MAX_DEPTH || ++this.#count > MAX_RULES) {
      throw new Error('a rule is missing, or there are too many');
    }
    if (policy.hasNOutOf()) {
      const group = policy.getNOutOf();
      const rules = group?.getRulesList().map((inner) => this.rule(inner, depth + 1)) ?? [];
      return { kind: 'outOf', required: group?.getN() ?? 0, rules };
    }
    const principal = policy.hasSignedBy() ? this.#principals[policy.getSignedBy()] : undefined;
    if (principal === undefined) throw new Error('a rule names no identity of the policy');
    return { kind: 'signedBy', principal };
  }
}
