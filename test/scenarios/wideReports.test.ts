import assert from 'node:assert/strict';
import { candidateOf, importCertificate, type Session } from '@tracecal/gateway-client/application';
import { Cast, sessionOf } from '../support/castSession.js';
import { linesFor, moved } from '../support/caseFiles.js';
import { engineName } from '../support/engine.js';
import { RegistryNetwork } from '../support/registryNetwork.js';
import { NORTH } from '../support/situations/cases.js';
import { wideCertificate } from '../support/situations/wideCertificate.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const KINDS = [
  ['Temperature', '\\degreecelsius'],
  ['Mass', '\\kilogram'],
  ['Length', '\\metre'],
  ['DC voltage', '\\volt'],
  ['DC current', '\\ampere'],
  ['DC resistance', '\\ohm'],
  ['Frequency', '\\hertz'],
  ['Volume', '\\metre\\tothe{3}'],
  ['Density', '\\kilogram\\metre\\tothe{-3}'],
  ['Torque', '\\newton\\metre'],
  ['Force', '\\newton'],
  ['Time', '\\second'],
  ['Illuminance', '\\lux'],
] as const;

describe(`Results of many rows [${engineName}]`, function () {
  this.timeout(120_000);
  const certificates = [
    ...moved(
      new Map(
        KINDS.map((of, place) => [of[0], wideCertificate({ results: 5, rows: 1000, of, number: `WIDE-${place + 1}` })]),
      ),
    ).values(),
  ];
  let registry: RegistryNetwork;
  let session: Session;

  before(async function () {
    this.timeout(240_000);
    const lines = linesFor(certificates);
    const cast = await Cast.of(lines, lines, { institute: 'Laboratory', laboratory: 'Alpha' });
    registry = await RegistryNetwork.start(cast);
    await registry.submitNew();
    session = sessionOf(cast, (organisation) => registry.as(organisation), temporaryFolder());
  });

  after(async function () {
    await (registry as RegistryNetwork | undefined)?.stop();
    removeTemporaryFolders();
  });

  it('are registered up to what a report holds, and trace together: 65,000 rows', async () => {
    const devices = new Set<string>();
    for (const bytes of certificates) {
      const imported = await importCertificate(session, candidateOf('wide.xml', bytes), NORTH);
      imported.forEach(({ device }) => devices.add(device));
    }
    const [device = '', ...others] = devices;
    assert.deepEqual(others, []);
    const { status, reason, results } = await (await session.reader()).traceCal(device);
    assert.equal(status, 'TRACEABLE', reason);
    assert.equal(results.length, 5 * KINDS.length);
  });

  it('are refused as a whole where a report does not hold them', async () => {
    const bytes = wideCertificate({ results: 64, rows: 1024, number: 'WIDE-64' });
    await assert.rejects(importCertificate(session, candidateOf('wide.xml', bytes), NORTH), { code: 'JSON_TOO_LARGE' });
  });
});
