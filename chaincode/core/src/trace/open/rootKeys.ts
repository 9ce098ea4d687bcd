import type { RegistryRecord } from '../../model/index.js';
import { isIssuedBy, signerName } from '../../signing/index.js';
import { attempt, certificateOf, signingKey } from './key.js';
import type { Key } from './key.js';
import { said } from './statement.js';
import type { Said } from './statement.js';

/** Root keys of the institutes as founding and admissions name them. */
export function rootsOf(
  record: RegistryRecord,
  channel: string,
  registry: string,
): ReadonlyMap<string, Key<'founding' | 'admission'>> {
  const roots = new Map<string, Key<'founding' | 'admission'>>();
  const founding = attempt(() => said(record.founding, channel, 'founding'));
  founding?.statement.body.institutes.forEach(({ id, certificateSha256 }, place) => {
    const certificate = record.certificates[place] ?? '';
    add(roots, founding, id, certificate, certificateSha256);
  });
  for (const change of record.changes) {
    const admission = attempt(() => said(change, registry, 'admission'));
    if (admission) {
      const { subject, body } = admission.statement;
      add(roots, admission, subject.id, change.certificate ?? '', body.certificateSha256);
    }
  }
  return roots;
}

/** A root is self-signed, and its holder has signed the founding or the admission with it. */
function add<Kind extends 'founding' | 'admission'>(
  roots: Map<string, Key<Kind>>,
  vouching: Said<Kind>,
  id: string,
  certificate: string,
  sha256: string,
): void {
  const key = attempt(() => ({
    certificate: certificateOf({ certificate }, sha256, 'organisation', id, id),
    said: vouching,
  }));
  if (key && !roots.has(id) && isIssuedBy(key.certificate, key.certificate)) {
    if (signingKey(vouching.entry, signerName('organisation', id), [key])) {
      roots.set(id, key);
    }
  }
}
