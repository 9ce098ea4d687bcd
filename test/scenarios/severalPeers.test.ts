import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { parseConsortium, type Consortium } from '@tracecal/network/topology';
import { asMember, connectTo, text, type Application } from '../support/application.js';
import { engineName, selectedEngine, type EngineNetwork } from '../support/engine.js';
import { KV, KV_PACKAGE } from '../support/scenarioConsortium.js';

const CHANNEL = 'mychannel';
/** The same code as {@link KV}; two peers of the first organisation have to endorse. */
const TWICE = 'twice';

/** Two organisations with two peers each. */
function consortiumOfPairs(): Consortium {
  const chaincode = { channels: [CHANNEL], version: '1.0', sequence: 1, service: { package: KV_PACKAGE } };
  const description = {
    name: 'pairs',
    organisations: [1, 2].map((place) => ({
      id: `org${place}`,
      mspId: `Org${place}MSP`,
      name: `Organisation ${place}`,
      country: 'ZZ',
      domain: `org${place}.example`,
      peers: [0, 1].map((number) => ({ name: `peer${number}`, port: 7051 + 1000 * place + 100 * number })),
    })),
    orderers: [
      {
        name: 'orderer1',
        runBy: 'org1',
        mspId: 'Org1OrdererMSP',
        domain: 'orderer.org1.example',
        port: 7050,
        adminPort: 7053,
        consenterId: 1,
      },
    ],
    channels: [{ name: CHANNEL, writers: ['org1', 'org2'] }],
    chaincodes: [
      { ...chaincode, name: KV, endorsement: "AND('Org1MSP.peer', 'Org2MSP.peer')" },
      { ...chaincode, name: TWICE, endorsement: "AND('Org1MSP.peer', 'Org1MSP.peer')" },
    ],
  };
  return parseConsortium(JSON.stringify(description), 'the consortium of pairs');
}

interface Profile {
  readonly organizations: Readonly<Record<string, { readonly peers: readonly string[] }>>;
  readonly peers: Readonly<Record<string, { readonly url: string }>>;
}

describe(`Members with several peers [${engineName}]`, function () {
  this.timeout(240_000);

  let network: EngineNetwork;

  before(async () => {
    network = await (await selectedEngine()).start(consortiumOfPairs());
  });

  after(async () => {
    await (network as EngineNetwork | undefined)?.stop();
  });

  /** The peers that a member's connection profile lists, and where each listens. */
  function peersOf(member: string): readonly (readonly [name: string, address: string])[] {
    const { profile } = network.organisations.find(({ id }) => id === member)!;
    const { organizations, peers } = JSON.parse(readFileSync(profile, 'utf8')) as Profile;
    return organizations[member]!.peers.map((name) => [name, new URL(peers[name]!.url).host]);
  }

  /** Does something as an application that is connected to one of a member's peers. */
  function at<T>(member: string, place: number, act: (application: Application) => Promise<T>): Promise<T> {
    const [tlsHostName, gatewayEndpoint] = peersOf(member)[place]!;
    const organisations = network.organisations.map((one) =>
      one.id === member ? { ...one, tlsHostName, gatewayEndpoint } : one,
    );
    return asMember(network, member, act, { client: connectTo({ ...network, organisations }, member) });
  }

  async function detailsOf(call: Promise<unknown>): Promise<GatewayError['details']> {
    const error: unknown = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof GatewayError, String(error));
    return error.details;
  }

  it('list all of them, each with its own port', () => {
    assert.deepEqual(
      peersOf('org1').map(([name]) => name),
      ['peer0.org1.example', 'peer1.org1.example'],
    );
    const addresses = ['org1', 'org2'].flatMap((member) => peersOf(member).map(([, address]) => address));
    assert.equal(new Set(addresses).size, 4);
  });

  for (const place of [0, 1]) {
    it(`serve applications and events at peer${place}`, async () => {
      const key = `at peer${place}`;
      await at('org2', place, async (two) => {
        const events = await two.network(CHANNEL).getFilteredBlockEvents();
        const contract = two.contract(KV, CHANNEL);
        const submitted = await contract.submitAsync('put', { arguments: [key, 'yes'] });
        assert.ok((await submitted.getStatus()).successful);
        for await (const block of events) {
          if (block.getFilteredTransactionsList().some((one) => one.getTxid() === submitted.getTransactionId())) break;
        }
        events.close();
        assert.equal(text(await contract.evaluateTransaction('get', key)), 'yes');
        assert.equal(text(await contract.evaluateTransaction('environment', 'CORE_PEER_LOCALMSPID')), 'Org2MSP');
      });
    });
  }

  it('are both named by an error when none of them endorses first', async () => {
    const details = await at('org1', 1, (one) =>
      detailsOf(one.contract(KV, CHANNEL).submitTransaction('fail', 'as it should')),
    );
    assert.deepEqual(
      details.map(({ mspId, message }) => [mspId, message.includes('as it should')]),
      [
        ['Org1MSP', true],
        ['Org1MSP', true],
      ],
    );
    assert.equal(new Set(details.map(({ address }) => address)).size, 2);
    // Native peers are named by their addresses.
    if (network.engine === 'embedded') {
      assert.deepEqual(
        details.map(({ address }) => address),
        ['peer1.org1.example:8151', 'peer0.org1.example:8051'],
      );
    }
  });

  it('are both named by an error when none of them endorses after others', async () => {
    const details = await at('org1', 0, (one) =>
      detailsOf(one.contract(KV, CHANNEL).submitTransaction('putExceptAt', 'Org2MSP', 'key', 'value')),
    );
    assert.deepEqual(
      details.map(({ mspId, message }) => [mspId, message.includes('refused at Org2MSP')]),
      [
        ['Org2MSP', true],
        ['Org2MSP', true],
      ],
    );
    assert.equal(new Set(details.map(({ address }) => address)).size, 2);
  });

  it('are asked one after another, then those of others, when the chaincode of all ends', async () => {
    const details = await at('org1', 1, (one) => detailsOf(one.contract(KV, CHANNEL).evaluateTransaction('crash')));
    assert.deepEqual(
      details.map(({ mspId }) => mspId),
      ['Org1MSP', 'Org1MSP', 'Org2MSP', 'Org2MSP'],
    );
    assert.equal(new Set(details.map(({ address }) => address)).size, 4);
  });

  it('endorse together where a policy wants two of one member', async () => {
    await at('org2', 0, (two) => two.contract(TWICE, CHANNEL).submitTransaction('put', 'twice', 'endorsed'));
    const read = await at('org1', 1, (one) => one.contract(TWICE, CHANNEL).evaluateTransaction('get', 'twice'));
    assert.equal(text(read), 'endorsed');
  });

  it('listen where they did after a restart, and have what was committed', async () => {
    const before = ['org1', 'org2'].map(peersOf);
    await network.restart();
    if (network.engine === 'embedded') assert.deepEqual(['org1', 'org2'].map(peersOf), before);
    const read = await at('org2', 1, (two) => two.contract(KV, CHANNEL).evaluateTransaction('get', 'at peer0'));
    assert.equal(text(read), 'yes');
  });

  it('get new certificates, all of them', async () => {
    await network.rotateAuthority('org1', 'tls');
    for (const place of [0, 1]) {
      const read = await at('org1', place, (one) => one.contract(KV, CHANNEL).evaluateTransaction('get', 'at peer1'));
      assert.equal(text(read), 'yes');
    }
  });
});
