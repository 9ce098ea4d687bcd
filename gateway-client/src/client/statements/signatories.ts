import { isKind } from '@tracecal/core/model';
import type { Jws, Statement } from '@tracecal/core/model';
import { claimedSigners } from '@tracecal/core/signing';
import { signatoriesOf, speakersFor, voiceOf } from '@tracecal/core/trace';
import type { Signatories } from '@tracecal/core/trace';
import { readStatement } from './readStatement.js';

/**
 * Who still has to sign a statement. A majority of the institutes is not counted here, because only the registry knows how
 * many stand: it is said that one is needed.
 *
 * @param isInstitute - Whether an organisation is one of the registry's institutes, about whom others decide together.
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

/** Whether a signer can have a part in a statement. The registry refuses one with a signature of anybody else. */
export function hasPart(statement: Statement, signer: string): boolean {
  const organisation = voiceOf(signer);
  // Whoever acts through an MSP already has a say about others who want to, which only the registry knows.
  const anyVoice = isKind(statement, 'organisation');
  return [true, false].some((institute) => {
    const isInstitute = () => institute && statement.subject.kind === 'organisation';
    const { names, voices, majority } = signatoriesOf(statement, isInstitute);
    const speaks = organisation !== undefined && (anyVoice || majority !== 'none' || voices.includes(organisation));
    return speaks || names.includes(signer);
  });
}
