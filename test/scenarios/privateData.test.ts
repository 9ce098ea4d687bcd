import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { failureOf, invalidityOf } from '../support/failure.js';
import { CLOSED_COLLECTION, OPEN_COLLECTION } from '../support/scenarioConsortium.js';
import { freshKey, scenarios } from '../support/sharedNetwork.js';

const SECRET = 'U = 0.012 K, salt 5d1f';
const HASH = createHash('sha256').update(SECRET).digest('hex');
const ENDORSEMENT_POLICY_FAILURE = 10;

scenarios('Private data', (stage) => {
  async function putPrivate(collection: string, value = SECRET): Promise<string> {
    const key = freshKey('private');
    await stage
      .as('alpha')
      .contract()
      .submit('putPrivate', { arguments: [collection, key], transientData: { value } });
    return key;
  }

  for (const collection of [CLOSED_COLLECTION, OPEN_COLLECTION]) {
    describe(`in the collection "${collection}"`, () => {
      it('are read by the members of the collection', async () => {
        const key = await putPrivate(collection);
        for (const member of ['alpha', 'beta'] as const) {
          await eventually(async () => {
            assert.equal(await stage.as(member).evaluate('getPrivate', collection, key), SECRET);
          });
        }
      });

      it('are not read by other members of the channel, who have the hash', async () => {
        const key = await putPrivate(collection);
        for (const member of ['gamma', 'delta'] as const) {
          await eventually(async () => {
            assert.equal(await stage.as(member).evaluate('getPrivateHash', collection, key), HASH);
          });
          const failure = await failureOf(stage.as(member).evaluate('getPrivate', collection, key));
          assert.equal(failure.code, 'UNKNOWN');
          assert.match(
            failure.text,
            collection === CLOSED_COLLECTION
              ? /tx creator does not have read access permission on privatedata/
              : /private data matching public hash version is not available/,
          );
        }
      });

      it('prove themselves by their hash to the members, too', async () => {
        const key = await putPrivate(collection);
        assert.equal(await stage.as('alpha').evaluate('getPrivateHash', collection, key), HASH);
      });

      it('are deleted, and so is the hash', async () => {
        const key = await putPrivate(collection);
        await stage.as('alpha').submit('removePrivate', collection, key);
        assert.equal(await stage.as('alpha').evaluate('getPrivate', collection, key), '');
        assert.equal(await stage.as('alpha').evaluate('getPrivateHash', collection, key), '');
      });

      it('are purged', async () => {
        const key = await putPrivate(collection);
        await stage.as('alpha').submit('purgePrivate', collection, key);
        assert.equal(await stage.as('alpha').evaluate('getPrivate', collection, key), '');
      });
    });
  }

  it('are found by a range of their keys', async () => {
    const [first, second] = [await putPrivate(OPEN_COLLECTION, 'one'), await putPrivate(OPEN_COLLECTION, 'two')];
    const found = await stage.as('alpha').evaluate('privateRange', OPEN_COLLECTION, first, `${second}~`);
    assert.deepEqual(JSON.parse(found), { [first]: 'one', [second]: 'two' });
  });

  it('are guarded by the policy of their channel, as what is public', async () => {
    const proposal = {
      arguments: [OPEN_COLLECTION, freshKey('private')],
      transientData: { value: SECRET },
      endorsingOrganizations: ['AlphaMSP'],
    };
    assert.equal(
      await invalidityOf(stage.as('alpha').contract().submit('putPrivate', proposal)),
      ENDORSEMENT_POLICY_FAILURE,
    );
  });

  it("in an organisation's own collection, which nobody has defined, take its endorsement alone and are read by its peer", async () => {
    const own = '_implicit_org_AlphaMSP';
    const key = await putPrivate(own);
    assert.equal(await stage.as('alpha').evaluate('getPrivate', own, key), SECRET);
    await eventually(async () => {
      assert.equal(await stage.as('beta').evaluate('getPrivateHash', own, key), HASH);
    });
    const failure = await failureOf(stage.as('beta').evaluate('getPrivate', own, key));
    assert.match(failure.text, /private data matching public hash version is not available/);
  });

  it('stay out of the blocks', async () => {
    const secret = `never seen ${freshKey()}`;
    const commit = await stage
      .as('alpha')
      .contract()
      .submitAsync('putPrivate', {
        arguments: [OPEN_COLLECTION, freshKey('private')],
        transientData: { value: secret },
      });
    const { blockNumber } = await commit.getStatus();
    const blocks = await stage.as('alpha').network().getBlockEvents({ startBlock: blockNumber });
    for await (const block of blocks) {
      assert.equal(Buffer.from(block.serializeBinary()).includes(secret), false);
      break;
    }
    blocks.close();
  });

  it('in a collection that is not there are an error', async () => {
    const failure = await failureOf(stage.as('alpha').evaluate('getPrivate', 'nowhere', 'key'));
    assert.match(failure.text, /collection calibration\/kv\/nowhere could not be found/);
  });
});
