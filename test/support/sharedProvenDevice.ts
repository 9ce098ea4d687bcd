import { after as afterAll } from 'mocha';
import { embeddedEngine } from './engineEmbedded.js';
import { ProvenDevice } from './provenDevice.js';
import { withReaders } from './readers.js';

let starting: Promise<ProvenDevice> | undefined;

// Of the root suite, since this module is loaded by the test files: the network ends with the last of them.
afterAll(async function () {
  this.timeout(60_000);
  const proven = await starting?.catch(() => undefined);
  await proven?.stop();
});

/**
 * One embedded network with readers for all test files of a process. A file may record proofs and place devices, and must hold
 * whatever other files did so; the one that gives an orderer new keys is the last that relies on them.
 */
export function sharedProvenDevice(): Promise<ProvenDevice> {
  starting ??= ProvenDevice.start(embeddedEngine, withReaders());
  return starting;
}
