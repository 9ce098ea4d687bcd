import assert from 'node:assert/strict';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { parseConsortium, type Consortium } from '@tracecal/network/topology';
import { asMember } from '../support/application.js';
import { engineName, selectedEngine, type EngineNetwork } from '../support/engine.js';
import { KV, KV_PACKAGE } from '../support/scenarioConsortium.js';

/** Two organisations as in Fabric's own samples: no kinds, no levels, and a policy that names members. */
function samplesConsortium(): Consortium {
  const of = (place: number) => `org${place}.example`;
  const description = {
    name: 'samples',
    organisations: [1, 2].map((place) => ({
      id: `org${place}`,
      mspId: `Org${place}MSP`,
      name: `Organisation ${place}`,
      country: 'ZZ',
      domain: of(place),
      peers: [{ name: 'peer0', port: 7051 + 1000 * place }],
    })),
    orderers: [{ ...orderer(1), port: 7050, adminPort: 7053 }],
    channels: [
      { name: 'mychannel', writers: ['org1', 'org2'] },
      { name: 'yourchannel', writers: ['org2'], readers: ['org1'] },
    ],
    chaincodes: [
      {
        name: KV,
        channels: ['mychannel', 'yourchannel'],
        version: '1.0',
        sequence: 1,
        endorsement: { mychannel: "OR('Org1MSP.member', 'Org2MSP.member')", yourchannel: "OR('Org2MSP.member')" },
        service: { package: KV_PACKAGE },
      },
    ],
  };
  return parseConsortium(JSON.stringify(description), 'the consortium of the samples');
}

function orderer(place: number) {
  const domain = `orderer.org${place}.example`;
  return { name: `orderer${place}`, runBy: `org${place}`, mspId: `Org${place}OrdererMSP`, domain, consenterId: place };
}

describe(`A consortium without levels [${engineName}]`, function () {
  this.timeout(240_000);

  let network: EngineNetwork;

  before(async () => {
    network = await (await selectedEngine()).start(samplesConsortium());
  });

  after(async () => {
    await (network as EngineNetwork | undefined)?.stop();
  });

  it('commits what one of its members endorses, as a policy of members says', async () => {
    await asMember(network, 'org1', (one) =>
      one.contract(KV, 'mychannel').submit('put', { arguments: ['key', 'one'], endorsingOrganizations: ['Org1MSP'] }),
    );
    const read = await asMember(network, 'org2', (two) =>
      two.contract(KV, 'mychannel').evaluateTransaction('get', 'key'),
    );
    assert.equal(Buffer.from(read).toString(), 'one');
  });

  it('refuses what somebody submits to a channel that they only read', async () => {
    const write = asMember(network, 'org1', (one) =>
      one.contract(KV, 'yourchannel').submit('put', { arguments: ['key', 'one'], endorsingOrganizations: ['Org2MSP'] }),
    );
    await assert.rejects(write, (error) => {
      assert.ok(error instanceof GatewayError);
      assert.equal(error.name, 'SubmitError');
      assert.match(error.details.map(({ message }) => message).join(), /FORBIDDEN/);
      return true;
    });
    await asMember(network, 'org2', (two) => two.contract(KV, 'yourchannel').submitTransaction('put', 'key', 'two'));
    const read = await asMember(network, 'org1', (one) =>
      one.contract(KV, 'yourchannel').evaluateTransaction('get', 'key'),
    );
    assert.equal(Buffer.from(read).toString(), 'two');
  });
});
