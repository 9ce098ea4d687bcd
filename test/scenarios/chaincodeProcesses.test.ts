import assert from 'node:assert/strict';
import { DESCRIBED_ENVIRONMENT, KV, mspIdOf, OWN_KV, OWN, START_ENVIRONMENT } from '../support/scenarioConsortium.js';
import { text } from '../support/application.js';
import { keyFilesBelow } from '../support/keyFiles.js';
import { scenarios } from '../support/sharedNetwork.js';

const MEMBERS = ['alpha', 'beta', 'gamma', 'delta'] as const;

scenarios("A chaincode's processes", (stage) => {
  it('know the member whose peer asks them', async () => {
    for (const member of MEMBERS) {
      assert.equal(await stage.as(member).evaluate('environment', 'CORE_PEER_LOCALMSPID'), mspIdOf(member));
    }
  });

  it('find in their environment what the description of the chaincode says', async () => {
    for (const [name, value] of Object.entries(DESCRIBED_ENVIRONMENT)) {
      assert.equal(await stage.as('alpha').evaluate('environment', name), value);
      assert.equal(await stage.as('delta').evaluate('environment', name), value);
    }
  });

  it('find in their environment what the network was started with', async () => {
    for (const [name, value] of Object.entries(START_ENVIRONMENT)) {
      assert.equal(await stage.as('beta').evaluate('environment', name), value);
      assert.equal(await stage.as('gamma').evaluate('environment', name), value);
    }
  });

  it('do not find what was meant for another chaincode', async () => {
    const other = stage.as('delta').contract(OWN_KV, OWN);
    for (const name of Object.keys({ ...DESCRIBED_ENVIRONMENT, ...START_ENVIRONMENT })) {
      assert.equal(text(await other.evaluateTransaction('environment', name)), '', `${name} is meant for ${KV}`);
    }
  });

  it('leave no private key where anybody but its owner may read it', async function () {
    if (process.platform === 'win32' || stage.network.engine === 'docker') {
      console.warn('        skipped: who may read a file is not told by its mode here');
      this.skip();
    }
    for (const member of MEMBERS) await stage.as(member).evaluate('noop');
    const files = keyFilesBelow(stage.network.dataDir);
    assert.ok(files.some(({ path }) => path.includes('crypto-config')));
    assert.deepEqual(
      files.filter(({ isOpen }) => isOpen).map(({ path }) => path),
      [],
    );
  });
});
