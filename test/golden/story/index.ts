import { Hierarchy, SEALED, temperatureResult } from '../../support/hierarchy.js';
import { Recorder } from '../recorder.js';
import type { Recorded } from '../recorder.js';
import { keepConfidence } from './confidential.js';
import { foundConsortium } from './consortium.js';
import { importCertificates } from './imports.js';
import { liveWithDevices, objectToThings } from './life.js';
import { addNewcomers } from './newcomers.js';
import { calibrateSensors } from './temperature.js';
import { calibrateInTheWorkshop } from './workshop.js';

export { NEWCOMERS } from './newcomers.js';

/** Plays the golden consortium on a ledger in memory and records what was submitted, and what the ledger holds then. */
export async function playStory(): Promise<Recorded> {
  const hierarchy = new Hierarchy();
  await foundConsortium(hierarchy);
  const recorder = new Recorder(hierarchy);
  await calibrateSensors(hierarchy);
  await calibrateInTheWorkshop(hierarchy);
  await addNewcomers(hierarchy);
  await recorder.submitNew();
  await sealAndSign(hierarchy, recorder, '2025-03-20T00:00:00Z', ['nmi-north']);

  await liveWithDevices(hierarchy);
  await recorder.submitNew();
  await importCertificates(hierarchy);
  await keepConfidence(hierarchy);
  await objectToThings(hierarchy);
  await recorder.submitNew();
  await sealAndSign(hierarchy, recorder, '2025-10-20T00:00:00Z', ['nmi-north', 'nmi-south']);

  await anchorReport(hierarchy, recorder);
  await sealAndSign(hierarchy, recorder, SEALED, ['nmi-north', 'nmi-south', 'nmi-east']);
  return recorder.recorded();
}

async function sealAndSign(
  hierarchy: Hierarchy,
  recorder: Recorder,
  date: string,
  institutes: readonly string[],
): Promise<void> {
  hierarchy.seal(date);
  for (const institute of institutes) {
    hierarchy.addHeartbeat(institute);
  }
  await recorder.submitNew();
}

/** A report of one day whose digest the ledger holds from that day on, and which is registered a month later. */
async function anchorReport(hierarchy: Hierarchy, recorder: Recorder): Promise<void> {
  await hierarchy.addDevice({ id: 'anchored', technician: 't-oem-a', kind: 'field' });
  await recorder.submitNew();
  const spec = {
    id: 'anchored-r1',
    device: 'anchored',
    technician: 't-oem-a',
    parents: ['later-standard-r1'],
    results: [temperatureResult(0.05)],
    performed: '2025-10-21',
  };
  const signed = hierarchy.payload(spec);
  const statement = hierarchy.sign(signed);
  const { root, index, size, path } = hierarchy.anchorOf([statement], 0, '2025-10-21T12:00:00Z');
  await recorder.submit('2025-10-21T12:00:00Z', 'anchor', root);
  hierarchy.file(signed, statement, { registered: '2025-11-21T12:00:00Z' });
  await recorder.submitNew({ anchor: { root, index, size, path } });
}
