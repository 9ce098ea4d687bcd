import type { OrganisationAnswer } from '@tracecal/core/contracts';
import { namesLaboratory } from '@tracecal/core/model';
import type { StatedCertificate } from '@tracecal/core/model';
import { undefinedIfNotFound } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import { registrantsOf } from '../operations/ids.js';
import type { Catalogue } from '../operations/ids.js';
import { together } from '../together.js';

/** A certificate as a report states it, with the member that issued it. */
export interface IssuedCertificate {
  readonly certificate: StatedCertificate;
  readonly notes: readonly string[];
}

/**
 * Finds the member that issued a certificate, by the laboratory's name or code on it. The author's own certificates are judged by the
 * author's accreditation, those of another member by that member's.
 *
 * @param author - The organisation that registers the report.
 * @param given - The member that a person names as the issuer.
 * @throws ApplicationError `INPUT_INVALID` if several members have that name, or the given member has another one
 */
export async function issuedBy(
  catalogue: Catalogue,
  certificate: StatedCertificate,
  author: string,
  given?: string,
): Promise<IssuedCertificate> {
  const reader = await catalogue.reader();
  if (given !== undefined) {
    return givenIssuer(certificate, author, await reader.getOrganisation(given));
  }
  const others = (await registrantsOf(catalogue)).filter((id) => id !== author);
  const all = await together([author, ...others], (id) => undefinedIfNotFound(reader.getOrganisation(id)));
  const named = all.filter((member) => member !== undefined && isCalled(member, certificate));
  // If the name is the author's, it is the author's certificate, even if others have the same name.
  const [found, another] = named[0]?.id === author ? [named[0]] : named;
  if (found && another) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `Several members are called "${certificate.laboratory}": ${named.map((each) => each?.id).join(', ')}. Say with --issuer which of them issued the certificate.`,
    );
  }
  return found
    ? { certificate: { ...certificate, issuer: found.id }, notes: found.id === author ? [] : [otherMembers(found.id)] }
    : { certificate, notes: [nobodys(certificate, author)] };
}

function givenIssuer(certificate: StatedCertificate, author: string, member: OrganisationAnswer): IssuedCertificate {
  const issued = { ...certificate, issuer: member.id };
  if (isCalled(member, certificate)) {
    return { certificate: issued, notes: member.id === author ? [] : [otherMembers(member.id)] };
  }
  const names = `The certificate names its laboratory "${certificate.laboratory}", and the registry knows ${member.id} as "${member.name}"`;
  if (member.id !== author) {
    throw new ApplicationError('INPUT_INVALID', `${names}: leave --issuer out, or have ${member.id} import it.`);
  }
  return {
    certificate: issued,
    notes: [`${names}: that it is the same rests on your word, so what it says is ATTESTED at best.`],
  };
}

function isCalled({ id, name, lines }: OrganisationAnswer, certificate: StatedCertificate): boolean {
  return namesLaboratory(certificate, { names: [id, name], numbers: lines.flatMap(({ number }) => number ?? []) });
}

function otherMembers(issuer: string): string {
  return `It is a certificate of ${issuer}: the report transcribes it, is judged by the accreditation of ${issuer}, and is ATTESTED at best.`;
}

function nobodys({ laboratory }: StatedCertificate, author: string): string {
  return `"${laboratory}" is no member of this registry: the report transcribes its certificate and is ATTESTED at best, as one on paper. If it is ${author} under another name, add --issuer ${author}.`;
}
