import { WireError } from './error.js';
import { bytes, inner, int32, oneOf, repeated, repeatedInner } from './fields.js';
import { folded } from './folded.js';
import { message, type Message } from './message.js';
import { MAX_DEPTH_OF_GO, type Reader } from './reader.js';

export interface SignaturePolicy {
  readonly signedBy: number | undefined;
  readonly nOutOf: NOutOf | undefined;
}
export interface NOutOf {
  readonly n: number;
  readonly rules: readonly SignaturePolicy[];
}

const [SIGNED_BY, N_OUT_OF, N, RULES] = [1, 2, 1, 2];

const NOutOf: Message<NOutOf> = message<NOutOf>({ n: int32(N), rules: repeatedInner(RULES, () => SignaturePolicy) });
export const SignaturePolicy: Message<SignaturePolicy> = message<SignaturePolicy>(
  {
    signedBy: oneOf('type', int32(SIGNED_BY)),
    nOutOf: oneOf(
      'type',
      inner(N_OUT_OF, () => NOutOf),
    ),
  },
  readPolicy,
);

/** A gate with rules that are still unread, behind those that were read with an earlier part of the same message. */
interface FlatGate {
  readonly n: number;
  readonly rules: readonly (SignaturePolicy | Uint8Array)[];
}
interface FlatPolicy {
  readonly signedBy: number | undefined;
  readonly nOutOf: FlatGate | undefined;
}
const FlatGate: Message<FlatGate> = message<FlatGate>({
  n: int32(N),
  rules: repeated(bytes(RULES)),
});
const FlatPolicy: Message<FlatPolicy> = message<FlatPolicy>({
  signedBy: oneOf('type', int32(SIGNED_BY)),
  nOutOf: oneOf(
    'type',
    inner(N_OUT_OF, () => FlatGate),
  ),
});

type Node = { readonly flat: FlatPolicy } | { readonly read: SignaturePolicy };

/** As deep as Fabric reads. */
function readPolicy(reader: Reader, before: SignaturePolicy | undefined): SignaturePolicy {
  const known = before?.nOutOf;
  const start = before && { ...before, nOutOf: known && { ...known, rules: [...known.rules] } };
  return folded<Node, SignaturePolicy>(
    { flat: FlatPolicy.readInto(reader, start) },
    (node, depth) => {
      if ('read' in node) return [];
      const { nOutOf } = node.flat;
      const within = nOutOf === undefined ? 0 : nOutOf.rules.length === 0 ? 1 : 2;
      if (reader.depth + 2 * depth + within > MAX_DEPTH_OF_GO) throw new WireError('messages are nested too deep');
      return nOutOf?.rules.map(unread) ?? [];
    },
    (node, rules) => {
      if ('read' in node) return node.read;
      const { signedBy, nOutOf } = node.flat;
      return { signedBy, nOutOf: nOutOf && { n: nOutOf.n, rules } };
    },
  );
}

function unread(rule: SignaturePolicy | Uint8Array): Node {
  return rule instanceof Uint8Array ? { flat: FlatPolicy.decode(rule) } : { read: rule };
}
