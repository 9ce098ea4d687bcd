import type { Contract } from '@hyperledger/fabric-gateway';
import { packageService } from '@tracecal/network/admin';
import { freePorts } from '@tracecal/network/fabric';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { text } from '../support/application.js';
import { ChaincodeServer } from '../support/chaincodeServer.js';
import { eventually } from '../support/eventually.js';
import { failureOf, invalidityOf } from '../support/failure.js';
import { SHARED, type MemberId } from '../support/scenarioConsortium.js';
import { atEnd, freshKey, scenarios } from '../support/sharedNetwork.js';

const PACKAGE = join(__dirname, '..', '..', 'support', 'chaincode-assets');
const NAME = 'assets';
const VERSION = '1.0';
const ENDORSEMENT_POLICY_FAILURE = 10;
const CHANGE_MS = 180_000;

scenarios("Other people's chaincode", (stage) => {
  const assets = (member: MemberId): Contract => stage.as(member).contract(NAME, SHARED);
  let server: ChaincodeServer;

  before(async function () {
    this.timeout(CHANGE_MS);
    const [port] = await freePorts(1);
    const address = `127.0.0.1:${port}`;
    // A service registers under the id of the package that says where it is.
    server = new ChaincodeServer(PACKAGE, address, packageService(`${NAME}_${VERSION}`, { address }).id);
    await server.start();
    // The network keeps the chaincode, so the service stays as long as the network.
    atEnd(() => server.stop());
    stage.disconnect();
    await stage.network.addChaincode({
      name: NAME,
      channels: [SHARED],
      version: VERSION,
      sequence: 1,
      endorsement: "AND('AlphaMSP.peer', 'GammaMSP.peer')",
      service: { address },
    });
    await eventually(() => assets('alpha').evaluateTransaction('ofColour', 'none'), CHANGE_MS / 2);
  });

  it('runs beside what is there', async () => {
    const id = freshKey('asset');
    await assets('alpha').submitTransaction('create', id, 'teal', 'Ada');
    assert.equal(text(await assets('alpha').submitTransaction('transfer', id, 'Grace')), 'Ada');
    const asset: unknown = JSON.parse(text(await assets('alpha').evaluateTransaction('read', id)));
    assert.deepEqual(asset, { id, colour: 'teal', owner: 'Grace' });
    assert.deepEqual(JSON.parse(text(await assets('alpha').evaluateTransaction('ofColour', 'teal'))), [id]);
  });

  it('has a state of its own', async () => {
    const id = freshKey('asset');
    await assets('alpha').submitTransaction('create', id, 'red', 'Ada');
    assert.equal(await stage.as('alpha').evaluate('get', id), '');
  });

  it('is endorsed by its own policy', async () => {
    const alone = { arguments: [freshKey('asset'), 'red', 'Ada'], endorsingOrganizations: ['AlphaMSP', 'BetaMSP'] };
    assert.equal(await invalidityOf(assets('alpha').submit('create', alone)), ENDORSEMENT_POLICY_FAILURE);
  });

  it('tells its errors and its events', async () => {
    const id = freshKey('asset');
    assert.match((await failureOf(assets('beta').evaluateTransaction('read', id))).text, /does not exist/);
    const commit = await assets('beta').submitAsync('create', { arguments: [id, 'blue', 'Ada'] });
    const { blockNumber } = await commit.getStatus();
    await eventually(() => assets('beta').submitTransaction('transfer', id, 'Grace'));
    const events = await stage.as('beta').network(SHARED).getChaincodeEvents(NAME, { startBlock: blockNumber });
    for await (const { eventName, payload } of events) {
      assert.equal(eventName, 'Transfer');
      assert.deepEqual(JSON.parse(text(payload)), { id, before: 'Ada', owner: 'Grace' });
      break;
    }
    events.close();
  });

  it('may go away and come back without harm to the rest', async function () {
    this.timeout(CHANGE_MS);
    await server.stop();
    const failure = await failureOf(assets('alpha').evaluateTransaction('ofColour', 'teal'));
    assert.equal(failure.code, 'ABORTED');
    assert.match(failure.text, /could not launch chaincode assets/);
    await stage.as('alpha').submit('put', freshKey(), 'not concerned');
    await server.start();
    await eventually(() => assets('alpha').evaluateTransaction('ofColour', 'teal'), CHANGE_MS / 2);
  });
});
