import { common } from '@hyperledger/fabric-protos';
import * as language from '@tracecal/ledger/policy';
import { MspRole, POLICY_TYPE, PRINCIPAL, SignaturePolicyEnvelope, type ConfigPolicy } from '@tracecal/ledger/wire';
import { ChannelError } from './errors.js';

/**
 * Reads Fabric's signature policy language: `OutOf(2, 'A.peer', AND('B.member', 'C.admin'))`.
 *
 * @example
 * const policy = parsePolicy("OR('LabAlphaMSP.peer', 'LabBetaMSP.peer')").serializeBinary();
 * @throws ChannelError BAD_POLICY that names the position (from 1).
 */
export function parsePolicy(text: string): common.SignaturePolicyEnvelope {
  return orBadPolicy(() => {
    const bytes = SignaturePolicyEnvelope.encode(language.parsePolicy(text));
    return common.SignaturePolicyEnvelope.deserializeBinary(bytes);
  });
}

/**
 * Writes a signature policy in Fabric's language; parsing it gives an equal policy.
 * @throws ChannelError BAD_POLICY when it names principals other than roles, which the language cannot express.
 */
export function printPolicy(envelope: common.SignaturePolicyEnvelope): string {
  return printEnvelope(SignaturePolicyEnvelope.decode(envelope.serializeBinary()));
}

/** The same of one that was read without Fabric's classes, which read deep ones with recursion. @throws ChannelError BAD_POLICY */
export function printEnvelope(envelope: SignaturePolicyEnvelope): string {
  return orBadPolicy(() => language.printPolicy(envelope));
}

/** The roles that a signature policy names. */
export function rolesNamed({ identities }: SignaturePolicyEnvelope): readonly MspRole[] {
  return identities.flatMap(({ classification, principal }) =>
    classification === PRINCIPAL.role ? [MspRole.decode(principal)] : [],
  );
}

/** Those that a policy of a configuration names; none if it is no signature policy. */
export function rolesOf({ policy }: ConfigPolicy): readonly MspRole[] {
  return policy?.type === POLICY_TYPE.signature ? rolesNamed(SignaturePolicyEnvelope.decode(policy.value)) : [];
}

function orBadPolicy<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof language.PolicyError)) throw error;
    throw new ChannelError('BAD_POLICY', error.message, error);
  }
}
