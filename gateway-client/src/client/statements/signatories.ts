import { isKind } from '@tracecal/core/model';
import type { Jws, Statement } from '@tracecal/core/model';
import { claimedSigners } from '@tracecal/core/signing';
import { signatoriesOf, speakersFor, voiceOf } from '@tracecal/core/trace';
import type { Signatories } from '@tracecal/core/trace';
import { readStatement } from './readStatement.js';

/**
 * The signatures that a statement still needs. A majority of the institutes is only reported as needed and not counted here,
 * because only the registry knows how many institutes are in good standing.
 *
 * @param isInstitute - Whether an organisation is one of the registry's institutes, about which the others decide together.
 * @example
 * const { names, voices } = missingSignatories(jws);
 * console.log([...names, ...voices.map((id) => `organisation:${id} or one of its officers`)]);
 *
 * @throws TraceCalError `SIGNATURE_INVALID`, `JSON_INVALID` or `INPUT_INVALID` if the statement cannot be read
 */
export function missingSignatories(jws: Jws, isInstitute: (id: string) => boolean = () => false): Signatories {
  const { names, voices, majority } = signatoriesOf(readStatement(jws), isInstitute);
  const claimed = claimedSigners(jws);
  return {
    names: names.filter((name) => !claimed.includes(name)),
    voices: voices.filter((organisation) => speakersFor(jws, organisation, names).length === 0),
    majority,
  };
}

/**
 * Whether a signer can be one of a statement's signatories. The registry refuses a statement with a signature by anybody
 * else.
 */
export function hasPart(statement: Statement, signer: string): boolean {
  const organisation = voiceOf(signer);
  // An organisation that already acts through an MSP must agree to others that want to; only the registry knows about that.
  const anyVoice = isKind(statement, 'organisation');
  return [true, false].some((institute) => {
    const isInstitute = () => institute && statement.subject.kind === 'organisation';
    const { names, voices, majority } = signatoriesOf(statement, isInstitute);
    const speaks = organisation !== undefined && (anyVoice || majority !== 'none' || voices.includes(organisation));
    return speaks || names.includes(signer);
  });
}
