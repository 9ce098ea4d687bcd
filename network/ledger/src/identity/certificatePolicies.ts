import type { Certificate } from './certificate.js';
import { sameBytes } from '../wire/index.js';

/** The bytes of 2.5.29.32.0: any policy. */
const ANY = '85.29.32.0';

/**
 * Whether the policies of a chain are valid without a policy that the verifier asks for (RFC 5280, 6.1, with RFC 9618), as Go checks it.
 * Only a certificate that requires an explicit policy can make them invalid.
 * @param chain The certificate first, the trust anchor last.
 */
export function policiesAreValid(chain: readonly Certificate[]): boolean {
  const certified = chain.slice(0, -1).reverse();
  const last = certified.pop();
  if (last === undefined) return true;
  let state: State | undefined = {
    left: { explicit: chain.length, mapping: chain.length, any: chain.length },
    expected: new Set([ANY]),
    allHavePolicies: true,
  };
  for (const certificate of certified) {
    state = reached(state, certificate, isSelfIssued(certificate));
    state &&= passed(state, certificate);
    if (state === undefined) return false;
  }
  state = reached(state, last, false);
  if (state === undefined) return false;
  const isRequired = state.left.explicit <= 1 || last.extensions.requireExplicitPolicy === 0;
  return !isRequired || state.expected.size > 0;
}

interface State {
  /** After how many further certificates each begins to apply. */
  readonly left: { readonly explicit: number; readonly mapping: number; readonly any: number };
  readonly expected: ReadonlySet<string>;
  readonly allHavePolicies: boolean;
}

function isSelfIssued({ issuer, subject }: Certificate): boolean {
  return sameBytes(issuer, subject);
}

function reached(state: State, { extensions: { policies } }: Certificate, takesAny: boolean): State | undefined {
  const allHavePolicies = state.allHavePolicies && policies.length > 0;
  if (state.left.explicit === 0 && !allHavePolicies) return undefined;
  return { ...state, allHavePolicies, expected: following(state.expected, policies, takesAny || state.left.any > 0) };
}

/** What a certificate says about those below it. */
function passed({ left, expected, allHavePolicies }: State, certificate: Certificate): State | undefined {
  const { policyMappings, ...limits } = certificate.extensions;
  const mapped = allHavePolicies ? afterMappings(expected, policyMappings, left.mapping > 0) : expected;
  if (mapped === undefined) return undefined;
  const step = isSelfIssued(certificate) ? 0 : 1;
  const fewer = (count: number, limit = Infinity): number => Math.min(Math.max(count - step, 0), limit);
  return {
    left: {
      explicit: fewer(left.explicit, limits.requireExplicitPolicy),
      mapping: fewer(left.mapping, limits.inhibitPolicyMapping),
      any: fewer(left.any, limits.inhibitAnyPolicy),
    },
    expected: mapped,
    allHavePolicies,
  };
}

function following(expected: ReadonlySet<string>, policies: readonly string[], takesAny: boolean): ReadonlySet<string> {
  const named = policies.filter((policy) => policy !== ANY && (expected.has(policy) || expected.has(ANY)));
  return new Set(policies.includes(ANY) && takesAny ? [...named, ...expected] : named);
}

/** Undefined if a mapping is of any policy, which none may be. */
function afterMappings(
  expected: ReadonlySet<string>,
  mappings: Certificate['extensions']['policyMappings'],
  allowed: boolean,
): ReadonlySet<string> | undefined {
  if (allowed && mappings.flat().includes(ANY)) return undefined;
  const issuers = new Set(mappings.map(([issuer]) => issuer));
  const kept = [...expected].filter((policy) => !issuers.has(policy));
  if (!allowed) return new Set(kept);
  const reached = mappings.filter(([issuer]) => expected.has(issuer) || expected.has(ANY));
  return new Set([...kept, ...reached.map(([, subject]) => subject)]);
}
