import assert from 'node:assert/strict';
import { instantOf } from '@tracecal/chaincode/model';
import { candidateOf, importCertificate, type Candidate } from '@tracecal/gateway-client/cli';
import { linesFor } from '../../support/caseFiles.js';
import { MemoryWorld } from '../../support/memorySession.js';
import { requireSharedData, sharedFiles } from '../../support/sharedData.js';
import { removeTemporaryFolders } from '../../support/temporaryFolder.js';

/** What a trace of each device says, or why the certificate is refused. All are old: their reports are transcriptions. */
const EXPECTED: Readonly<Record<string, string | RegExp>> = {
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

describe('published certificates, whose kinds their laboratories are accredited for', () => {
  let candidates: ReadonlyMap<string, Candidate>;
  let world: MemoryWorld;
  before(async function () {
    const files = ['certificates', 'signed'].flatMap((folder) => [
      ...sharedFiles(requireSharedData(this, 'dcc', folder)),
    ]);
    candidates = new Map(files.map(([name, bytes]) => [name, candidateOf(name, bytes)]));
    const lines = linesFor(files.map(([, bytes]) => bytes)).map(
      (line) => ({ ...line, place: 'both', validFrom: '1950-01-01' }) as const,
    );
    world = await MemoryWorld.found(lines, lines);
  });
  after(removeTemporaryFolders);

  /** Each in a registry of its own: many of them bear one number. */
  async function outcomeOf(candidate: Candidate): Promise<string> {
    const isInstitute = /Physikalisch-Technische|^PTB/.test(candidate.laboratory ?? '');
    const technician = isInstitute ? 'nmi-north/t-north' : 'lab-alpha/t-alpha';
    const owner = isInstitute ? 'nmi-north' : 'lab-alpha';
    const session = world.fork().session();
    try {
      const role = { technician, imprinter: technician, owner, kind: 'standard' } as const;
      const imported = await importCertificate(session, candidate, role);
      const tracecal = await session.reader();
      const asOf = instantOf(Date.now() + 3_600_000);
      const verdicts = await Promise.all(imported.map(({ device }) => tracecal.traceCal(device, { asOf })));
      return verdicts.map(({ status }) => status).join(', ');
    } catch (error) {
      return (error as Error).message;
    }
  }

  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(`${name}: ${expected instanceof RegExp ? 'refused' : expected}`, async () => {
      const outcome = await outcomeOf(candidates.get(name)!);
      if (typeof expected === 'string') {
        assert.equal(outcome, expected);
      } else {
        assert.match(outcome, expected);
      }
    });
  }

  it('are all in the table', () => {
    assert.deepEqual([...candidates.keys()].sort(), Object.keys(EXPECTED).sort());
  });
});
