import type { AccreditationLine } from '@tracecal/core/model';
import { candidateOf, type Candidate, type ImportRole } from '@tracecal/gateway-client/application';
import { linesFor } from '../caseFiles.js';
import { requireSharedData, sharedFiles } from '../sharedData.js';

/** What a trace of each device says, or why the certificate is refused. All are old: their reports are transcriptions. By file, in ../shared/data/dcc. */
export const PUBLISHED: Readonly<Record<string, string | RegExp>> = {
  // An institute within its table of capabilities.
  'v2.2.0__ptb_example.xml': 'ATTESTED',
  'v2.2.0__ptb_siliziumkugel.xml': 'ATTESTED',
  'v2.3.0__ptb_example.xml': 'ATTESTED',
  'v2.3.0__ptb_siliziumkugel.xml': 'ATTESTED',
  'v2.4.0__ptb_dcc-vacuumlab-CDG.xml': 'ATTESTED',
  'v2.4.0__ptb_dcc-vacuumlab-SRG.xml': 'ATTESTED',
  'v2.4.0__ptb_example.xml': 'ATTESTED',
  'v2.4.0__pydcc_siliziumkugel_2_4_0.xml': 'ATTESTED',
  'v3.0.0__ptb_dcc-vacuumlab-CDG.xml': 'ATTESTED',
  'v3.0.0__ptb_dcc-vacuumlab-SRG.xml': 'ATTESTED',
  'v3.0.0__ptb_example.xml': 'ATTESTED',
  'v3.0.0__ptb_siliziumkugel.xml': 'ATTESTED',
  'v3.1.0__ptb_dcc-vacuumlab-CDG.xml': 'ATTESTED',
  'v3.1.0__ptb_dcc-vacuumlab-SRG.xml': 'ATTESTED',
  'v3.1.0__ptb_siliziumkugel.xml': 'ATTESTED',
  'v3.1.1__ptb_dcc-vacuumlab-CDG.xml': 'ATTESTED',
  'v3.1.1__ptb_dcc-vacuumlab-SRG.xml': 'ATTESTED',
  // A laboratory that claims no accreditation, with parents that are not registered or none.
  'v3.0.0__ptb_singleweight.xml': 'INCOMPLETE',
  'v3.0.0__pydcc_DCC_3_GrundstrukturPyDCC.xml': 'INCOMPLETE',
  'v3.0.0__pydcc_Uncertainty1_PyDCC.xml': 'INCOMPLETE',
  'v3.0.0__pydcc_Uncertainty2_PyDCC.xml': 'INCOMPLETE',
  'v3.0.0__pydcc_Uncertainty3_PyDCC.xml': 'INCOMPLETE',
  'v3.0.0__pydcc_Uncertainty4_PyDCC.xml': 'INCOMPLETE',
  'v3.0.0__pydcc_Uncertainty5_PyDCC.xml': 'INCOMPLETE',
  'v3.1.1__pydcc_dcc_gp_temperature_extensive_v12.xml': 'INCOMPLETE',
  'v3.1.1__pydcc_dcc_gp_temperature_simplified_v12.xml': 'INCOMPLETE',
  'v3.1.1__pydcc_dcc_gp_temperature_typical_v12.xml': 'INCOMPLETE',
  'v3.1.1__pydcc_dcc_ngp_temperature_typical_v12_refType2ID.xml': 'INCOMPLETE',
  'v3.2.0__pydcc_dcc_gp_temperature_typical_v12_v3.2.0_signed.xml': 'INCOMPLETE',
  'v3.2.0__pydcc_dcc_gp_temperature_typical_v12_v3.2.0_signed_lt.xml': 'INCOMPLETE',
  'v3.3.0__dcclib_valid.xml': 'INCOMPLETE',
  'v3.3.0__dcclib_valid_bom.xml': 'INCOMPLETE',
  'v3.3.0__dcclib_valid_signature.xml': 'INCOMPLETE',
  'v3.2.0__pydcc_dcc_gp_temperature_typical_v12_v3.2.0_signed_manipulated.xml':
    /signature of the certificate does not hold \(reference-digest\)/,
};

export interface Published {
  /** By the names of their files. */
  readonly candidates: ReadonlyMap<string, Candidate>;
  /** An accreditation for what they state, wherever and whenever it was done. */
  readonly lines: readonly AccreditationLine[];
}

/** Reads them; skips the suite, out loud, if they are not here. */
export function requirePublished(test: Mocha.Context): Published {
  const files = ['certificates', 'signed'].flatMap((folder) => [
    ...sharedFiles(requireSharedData(test, 'dcc', folder)),
  ]);
  const lines = linesFor(files.map(([, bytes]) => bytes));
  return {
    candidates: new Map(files.map(([name, bytes]) => [name, candidateOf(name, bytes)])),
    lines: lines.map((line) => ({ ...line, place: 'both', validFrom: '1950-01-01' })),
  };
}

/** The institute of the tests plays the one that issued a certificate, the laboratory all others. */
export function roleFor({ laboratory }: Candidate): ImportRole {
  const isInstitute = /Physikalisch-Technische|^PTB/.test(laboratory ?? '');
  const technician = isInstitute ? 'nmi-north/t-north' : 'lab-alpha/t-alpha';
  const owner = isInstitute ? 'nmi-north' : 'lab-alpha';
  return { technician, imprinter: technician, owner, kind: 'standard' };
}
