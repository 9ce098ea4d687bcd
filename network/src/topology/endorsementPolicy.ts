const PRINCIPAL = /'([^'.]+(?:\.[^'.]+)*)\.([A-Za-z]+)'/g;
const ROLES = new Set(['member', 'admin', 'client', 'peer', 'orderer']);
const FUNCTION = /(?<!\w)(AND|OR|OutOf)\(/gi;

/**
 * Looks at a signature policy as far as a description can be checked without building it: balanced parentheses, known functions,
 * principals of the form `'MSP.role'`.
 * @returns Why it cannot be right, or the MSP ids that it names.
 */
export function readPolicyText(policy: string): { readonly problem: string } | { readonly mspIds: readonly string[] } {
  const principals = [...policy.matchAll(PRINCIPAL)];
  const wrongRole = principals.find(([, , role]) => !ROLES.has((role ?? '').toLowerCase()));
  if (wrongRole) {
    return { problem: `names the principal ${wrongRole[0]}, whose role is none of ${[...ROLES].join(', ')}` };
  }
  if (principals.length === 0) return { problem: "names no principal such as 'SomeMSP.peer'" };
  const rest = policy.replaceAll(PRINCIPAL, '').replaceAll(FUNCTION, '(');
  if (/[^\s\d,()]/.test(rest))
    return { problem: "is not made of AND(...), OR(...), OutOf(n, ...) and 'MSP.role' alone" };
  if (!balanced(rest)) return { problem: 'has parentheses that do not match' };
  return { mspIds: [...new Set(principals.map(([, mspId]) => mspId ?? ''))] };
}

function balanced(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
