import assert from 'node:assert/strict';
import { DockerLayout, place } from '@tracecal/network/fabric';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import { withTemporaryFolder } from './temporaryFolder.js';

describe("The place of one member's nodes", () => {
  const consortium = readConsortium(defaultConsortiumFile());

  it('has those alone, and the others where the description says', () =>
    withTemporaryFolder(async (folder) => {
      const placement = await place(new DockerLayout(folder), consortium, 'configured', 'nmi-south');
      assert.deepEqual(placement.here.organisations, [consortium.organisations[1]]);
      assert.deepEqual(placement.here.orderers, [consortium.orderers[1]]);
      assert.deepEqual([...placement.operations.keys()].sort(), [
        'orderer2.orderer.nmi-south.example',
        'peer0.nmi-south.example',
      ]);
      assert.deepEqual(placement.consortium, consortium);
    }));

  it('may be without an orderer', () =>
    withTemporaryFolder(async (folder) => {
      const { here } = await place(new DockerLayout(folder), consortium, 'configured', 'monitor');
      assert.deepEqual([here.organisations.map(({ id }) => id), here.orderers], [['monitor'], []]);
    }));
});
