import { inner, int32, oneOf, repeatedInner } from './fields.js';
import { message, type Message } from './message.js';
import { MAX_DEPTH_OF_GO, WIRE, type Reader } from './reader.js';

export interface SignaturePolicy {
  readonly signedBy: number | undefined;
  readonly nOutOf: NOutOf | undefined;
}
export interface NOutOf {
  readonly n: number;
  readonly rules: readonly SignaturePolicy[];
}

const n = int32(1);
const signedBy = int32(1);
const RULES = 2;
const N_OUT_OF = 2;

const NOutOf: Message<NOutOf> = message<NOutOf>({ n, rules: repeatedInner(RULES, () => SignaturePolicy) });
export const SignaturePolicy: Message<SignaturePolicy> = message<SignaturePolicy>(
  {
    signedBy: oneOf('type', signedBy),
    nOutOf: oneOf(
      'type',
      inner(N_OUT_OF, () => NOutOf),
    ),
  },
  readPolicy,
);

interface ReadPolicy {
  signedBy: number | undefined;
  nOutOf: ReadGate | undefined;
}
interface ReadGate {
  n: number;
  readonly rules: SignaturePolicy[];
}
type Open = { readonly reader: Reader } & ({ readonly policy: ReadPolicy } | { readonly gate: ReadGate });

/** As deep as Fabric reads, without recursion: whoever writes a policy decides how deep its rules are nested. */
function readPolicy(reader: Reader, before: SignaturePolicy | undefined): SignaturePolicy {
  const policy: ReadPolicy = {
    signedBy: before?.signedBy,
    nOutOf: before?.nOutOf && { n: before.nOutOf.n, rules: [...before.nOutOf.rules] },
  };
  const stack: Open[] = [{ reader, policy }];
  for (let open = stack.at(-1); open !== undefined; open = stack.at(-1)) {
    if (open.reader.atEnd) {
      stack.pop();
      continue;
    }
    const within = 'policy' in open ? readRule(open.reader, open.policy) : readGate(open.reader, open.gate);
    if (within !== undefined) stack.push(within);
  }
  return policy;
}

/** Reads one field. @returns What is to be read next, because it lies in this field. */
function readRule(reader: Reader, policy: ReadPolicy): Open | undefined {
  const { number, wire } = reader.tag();
  if (number === signedBy.number && wire === signedBy.wire) {
    [policy.signedBy, policy.nOutOf] = [signedBy.read(reader, signedBy.empty), undefined];
    return undefined;
  }
  if (number === N_OUT_OF && wire === WIRE.delimited) {
    policy.signedBy = undefined;
    // The parts of a message that occurs twice are merged.
    policy.nOutOf ??= { n: 0, rules: [] };
    return { reader: reader.inner(MAX_DEPTH_OF_GO), gate: policy.nOutOf };
  }
  reader.skip(number, wire);
  return undefined;
}

function readGate(reader: Reader, gate: ReadGate): Open | undefined {
  const { number, wire } = reader.tag();
  if (number === n.number && wire === n.wire) {
    gate.n = n.read(reader, n.empty);
    return undefined;
  }
  if (number === RULES && wire === WIRE.delimited) {
    const policy: ReadPolicy = { signedBy: undefined, nOutOf: undefined };
    gate.rules.push(policy);
    return { reader: reader.inner(MAX_DEPTH_OF_GO), policy };
  }
  reader.skip(number, wire);
  return undefined;
}
