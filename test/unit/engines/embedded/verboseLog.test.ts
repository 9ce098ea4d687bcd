import assert from 'node:assert/strict';
import { KvNetwork, kvConsortium } from '../../../support/kvNetwork.js';

describe('The log of an embedded network, asked for everything', function () {
  this.timeout(120_000);

  const lines: string[] = [];
  let network: KvNetwork;

  before(async () => {
    const consortium = kvConsortium();
    // Two that are submitted together come into one block.
    const batch = { maxMessages: 2, timeoutMs: 1000 };
    const channels = consortium.channels.map((channel) => ({ ...channel, batch }));
    network = await KvNetwork.start({
      consortium: { ...consortium, channels },
      log: (level, message) => {
        lines.push(`${level} ${message}`);
      },
    });
  });

  after(() => network.end());

  /** The line about a transaction, which is the only one. */
  function about(txId: string): string {
    const found = lines.filter((line) => line.includes(txId));
    assert.equal(found.length, 1, found.join('\n'));
    return found[0] ?? '';
  }

  it('says which key of an invalid transaction was stale, and who had written it', async () => {
    const contract = network.contract('nmi-north');
    const [first, second, third] = await Promise.all(
      ['1', '2', '3'].map((value) => contract.newProposal('append', { arguments: ['k', value] }).endorse()),
    );
    assert.ok(first && second && third);
    const commits = await Promise.all([first.submit(), second.submit()]);
    const [valid, invalid] = (await Promise.all(commits.map((each) => each.getStatus()))).sort(
      (a, b) => a.code - b.code,
    );
    assert.ok(valid && invalid);
    assert.deepEqual([valid.code, invalid.code], [0, 11]);
    const said = about(invalid.transactionId);
    assert.match(
      said,
      /^debug channel calibration, block \d+: transaction "[0-9a-f]{64}" is invalid: MVCC_READ_CONFLICT, key "k" of kv was read at <nil> and was written by transaction "[0-9a-f]{64}" of the same block$/,
    );
    // Nothing is said of the valid one but that.
    assert.equal(about(valid.transactionId), said);
    const late = await (await third.submit()).getStatus();
    assert.equal(late.code, 11);
    assert.match(about(late.transactionId), /was read at <nil> and is at \{BlockNum: \d+, TxNum: \d+\}$/);
  });

  it('says of which collection a private key has changed', async () => {
    const contract = network.contract('nmi-north');
    const read = await contract.newProposal('getPrivateHash', { arguments: ['north', 'p'] }).endorse();
    await contract.submit('putPrivate', {
      arguments: ['north', 'p'],
      transientData: { value: 'secret value' },
      endorsingOrganizations: ['NmiNorthMSP', 'LabAlphaMSP'],
    });
    const { code, transactionId } = await (await read.submit()).getStatus();
    assert.equal(code, 11);
    assert.match(about(transactionId), /a private key of collection north of kv has changed since it was read$/);
  });

  it('says who endorsed and what the policy asks for, where that was not enough', async () => {
    const contract = network.contract('nmi-north');
    const proposal = contract.newProposal('put', {
      arguments: ['key', 'secret value'],
      endorsingOrganizations: ['NmiNorthMSP'],
    });
    const { code, transactionId } = await (await (await proposal.endorse()).submit()).getStatus();
    assert.equal(code, 10);
    assert.match(
      about(transactionId),
      /is invalid: ENDORSEMENT_POLICY_FAILURE, endorsed by NmiNorthMSP; kv asks for .*2.*NmiNorthMSP/,
    );
  });

  it('says what was refused at the door, to which transaction, and by whom', async () => {
    const reader = network.contract('oem-a');
    const transaction = await reader.newProposal('put', { arguments: ['key', 'secret value'] }).endorse();
    await assert.rejects(transaction.submit());
    assert.match(
      about(transaction.getTransactionId()),
      /^debug Submit of transaction [0-9a-f]{64} is refused: \w+, .*; \w+ at \S+: .*FORBIDDEN.*permission denied/,
    );
    const unknown = reader.newProposal('nonsense');
    await assert.rejects(unknown.evaluate());
    assert.match(
      about(unknown.getTransactionId()),
      /^debug Evaluate of transaction [0-9a-f]{64} is refused: .*nonsense/,
    );
  });

  it('says nothing of what is written', () => {
    assert.ok(lines.length > 0);
    assert.doesNotMatch(lines.join('\n'), /secret value/);
  });
});
