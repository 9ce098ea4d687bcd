import { join } from 'node:path';
import { importCertificate, isNewlyImported, readCandidate } from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import { EXAMPLES, technicianOf } from './cast.js';
import type { ImportedDevice } from './story.js';

/** Makes the project's example certificates reports, from the institutes down to the field sensors. */
export async function importExamples(
  session: Session,
  folder: string,
  step: (what: string) => void,
): Promise<readonly ImportedDevice[]> {
  const imported: ImportedDevice[] = [];
  for (const { file, issuer, owner, kind } of EXAMPLES) {
    step(`Importing ${file}`);
    const candidate = await readCandidate(join(folder, file));
    const role = { technician: technicianOf(issuer), imprinter: technicianOf(owner), owner, kind };
    const reports = await importCertificate(session, candidate, role);
    imported.push(...reports.filter(isNewlyImported).map((each) => ({ kind, imported: each })));
  }
  return imported;
}
