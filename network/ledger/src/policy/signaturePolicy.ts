import type { Member } from '../identity/index.js';
import { folded } from '../wire/folded.js';
import type { SignaturePolicy, SignaturePolicyEnvelope } from '../wire/index.js';
import { compilePrincipal, type Principal } from './principal.js';

/** A signature policy, ready to be evaluated. */
export type Rule =
  | { readonly kind: 'signedBy'; readonly principal: Principal }
  | { readonly kind: 'outOf'; readonly required: number; readonly rules: readonly Rule[] };

/**
 * Without limits of its own: whoever writes a policy decides how many rules it has, and Fabric evaluates all that it can read.
 *
 * @throws Error (of any class) if it is not a well-formed policy of version 0.
 */
export function compileSignaturePolicy({ version, identities, rule }: SignaturePolicyEnvelope): Rule {
  if (version !== 0) throw new Error('only policies of version 0 are understood');
  const principals = identities.map(compilePrincipal);
  return folded<SignaturePolicy | undefined, Rule>(
    rule,
    (policy) => policy?.nOutOf?.rules ?? [],
    (policy, rules) => {
      if (policy?.nOutOf !== undefined) return { kind: 'outOf', required: policy.nOutOf.n, rules };
      const principal = policy?.signedBy === undefined ? undefined : principals[policy.signedBy];
      if (principal === undefined) throw new Error('a rule names no identity of the policy');
      return { kind: 'signedBy', principal };
    },
  );
}

/** A gate that is being evaluated. */
interface Evaluation {
  readonly gate: Extract<Rule, { readonly kind: 'outOf' }>;
  /** Whose signatures have been counted. */
  readonly used: boolean[];
  next: number;
  satisfied: number;
}

/** Whether the signers satisfy the rule, each counted at most once: Fabric's greedy evaluation, in its order. */
export function isSatisfied(rule: Rule, signers: readonly Member[]): boolean {
  const used = new Array<boolean>(signers.length).fill(false);
  if (rule.kind === 'signedBy') return counts(rule.principal, signers, used);
  const open: Evaluation[] = [{ gate: rule, used, next: 0, satisfied: 0 }];
  for (;;) {
    const top = open.at(-1);
    if (top === undefined) return false;
    const inner = top.gate.rules[top.next++];
    if (inner?.kind === 'outOf') {
      open.push({ gate: inner, used: [...top.used], next: 0, satisfied: 0 });
    } else if (inner !== undefined) {
      top.satisfied += counts(inner.principal, signers, top.used) ? 1 : 0;
    } else {
      open.pop();
      const isMet = top.satisfied >= top.gate.required;
      const above = open.at(-1);
      if (above === undefined) return isMet;
      // What a gate that was not met has counted, others may count again.
      if (isMet) {
        above.satisfied += 1;
        top.used.forEach((value, position) => (above.used[position] = value));
      }
    }
  }
}

/** Counts the first signer that matches and was not counted yet. */
function counts(principal: Principal, signers: readonly Member[], used: boolean[]): boolean {
  const index = signers.findIndex((signer, position) => used[position] === false && principal.matches(signer));
  if (index >= 0) used[index] = true;
  return index >= 0;
}
