import { canonicalJson, isKind, RegistryError } from '@tracecal/core/model';
import type { Item } from '@tracecal/core/model';
import { readStatement } from '@tracecal/core/open';
import { readCertificate } from '@tracecal/core/signing';
import type { CertificateRole } from '@tracecal/core/signing';
import type { GoldenCertificate, GoldenTransaction } from './fixtures.js';
import { itemsIn } from './statements.js';

const ROLES = ['organisation', 'technician', 'officer', 'device'] as const;

/** What is read of every certificate in the role that it was made for, and of the first of each role in all others. */
export function certificatesIn(transactions: readonly GoldenTransaction[]): readonly GoldenCertificate[] {
  const all = transactions.flatMap(itemsIn).flatMap(certificatesOf);
  return all.flatMap(({ certificate, role }, place) => {
    const isFirst = all.findIndex((each) => each.role === role) === place;
    return (isFirst ? ROLES : [role]).map((as) => ({ role: as, content: contentOf(certificate, as) }));
  });
}

function certificatesOf({ statement: jws, certificate, certificates = [] }: Item) {
  const statement = readStatement(jws);
  const role: CertificateRole = isKind(statement, 'authorisation')
    ? statement.body.role
    : statement.subject.kind === 'device'
      ? 'device'
      : 'organisation';
  const all = [...certificates, ...(certificate === undefined ? [] : [certificate])];
  return all.map((each) => ({ certificate: each, role }));
}

/** What is read of a certificate, as canonical JSON; or the refusal. */
function contentOf(certificate: string, role: CertificateRole): string {
  try {
    const { organisation, id, serial, issuerName, subjectName, notBefore, notAfter, pathLength, sha256, keySha256 } =
      readCertificate(certificate, role);
    const names = { issuerName, subjectName };
    return canonicalJson({ organisation, id, serial, ...names, notBefore, notAfter, pathLength, sha256, keySha256 });
  } catch (error) {
    if (error instanceof RegistryError) {
      return canonicalJson(error.message);
    }
    throw error;
  }
}
