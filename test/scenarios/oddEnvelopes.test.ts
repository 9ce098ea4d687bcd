import { gateway, type common } from '@hyperledger/fabric-protos';
import { accessFromBlock, checkData } from '@tracecal/ledger/block';
import { examine } from '@tracecal/ledger/validation';
import { Block, TX_CODE } from '@tracecal/ledger/wire';
import { chaincodeDefinitions } from '@tracecal/network/channel';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Application, credentialsOf, type Credentials } from '../support/application.js';
import { blocksOf, transactionsOf } from '../support/blocks.js';
import { engineName } from '../support/engine.js';
import { isConfigBlock } from '../support/fabricBlocks.js';
import { oddSteps } from '../support/odd/cases.js';
import { handInAll, serializedBlocks } from '../support/odd/handIn.js';
import { judgeChain } from '../support/odd/judge.js';
import { KV, SHARED } from '../support/scenarioConsortium.js';
import { freshKey, scenarios } from '../support/sharedNetwork.js';

const UNKNOWN_FIELD = Buffer.from([0xf8, 0x01, 0x07]);

/** What a member sends that no library would write, and that Fabric takes: `unit/ledger/asFabric.test.ts` has more of them. */
const CERTIFICATES: readonly (readonly [string, (pem: string) => string])[] = [
  ['with another label', (pem) => pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
  ['with a header', (pem) => pem.replace('CERTIFICATE-----\n', 'CERTIFICATE-----\nProc-Type: 4,x\n\n')],
  ['behind a text longer than 64 kB', (pem) => `${'x'.repeat(70_000)}\n${pem}`],
  ['with something behind its signature', withSurplus],
];
const SIGNATURES: readonly (readonly [string, (signature: Buffer) => Buffer])[] = [
  ['with bytes behind it', (signature) => Buffer.concat([signature, Buffer.from([1, 2, 3])])],
  ['with a third number in it', withThirdNumber],
];

scenarios('An odd transaction', (stage) => {
  async function judgedAlike(txId: string, last: number): Promise<void> {
    const blocks = await blocksOf(stage.as('alpha').network(SHARED), 0, last);
    const serialized = blocks.map((block) => block.serializeBinary());
    const access = accessFromBlock(serialized.filter(isConfigBlock).at(-1)!);
    const place = blocks.findIndex((block) => transactionsOf(block).some((each) => each.txId === txId));
    const { header, data } = Block.decode(serialized[place]!);
    checkData(header!, data!.data, SHARED);
    const codes = transactionsOf(blocks[place]!).map(({ code }) => code);
    assert.deepEqual(
      data!.data.map((envelope) => examine(envelope, access).code),
      codes,
    );
    assert.ok(codes.every((code) => code === TX_CODE.VALID));
  }

  async function submitted(change: (credentials: Credentials) => Credentials): Promise<void> {
    const application = new Application(stage.network, 'alpha', {
      credentials: change(credentialsOf(stage.network, 'alpha')),
    });
    try {
      const commit = await application.contract().submitAsync('put', { arguments: [freshKey('odd'), 'value'] });
      const { blockNumber, code } = await commit.getStatus();
      assert.equal(code, 0);
      await judgedAlike(commit.getTransactionId(), Number(blockNumber));
    } finally {
      application.close();
    }
  }

  for (const [how, change] of CERTIFICATES) {
    it(`is valid for everybody if its creator's certificate is ${how}`, async () => {
      await submitted(({ identity, signer }) => {
        const pem = Buffer.from(identity.credentials).toString('latin1');
        return { identity: { ...identity, credentials: Buffer.from(change(pem), 'latin1') }, signer };
      });
    });
  }

  for (const [how, change] of SIGNATURES) {
    it(`is valid for everybody if its signature is ${how}`, async () => {
      await submitted(({ identity, signer }) => ({
        identity,
        signer: async (digest) => change(Buffer.from(await signer(digest))),
      }));
    });
  }

  it('is valid for everybody if its envelope has a field that Fabric does not know', async function () {
    // The embedded network hands on what it understood of an envelope: its blocks have no such field.
    if (engineName === 'embedded') this.skip();
    const alpha = stage.as('alpha');
    const proposal = alpha.contract(KV).newProposal('put', { arguments: [freshKey('odd'), 'value'] });
    const transaction = await proposal.endorse();
    const envelope = gateway.PreparedTransaction.deserializeBinary(transaction.getBytes()).getEnvelope()!;
    const { signer } = credentialsOf(stage.network, 'alpha');
    envelope.setSignature(await signer(createHash('sha256').update(envelope.getPayload_asU8()).digest()));
    await handIn(transaction.getTransactionId(), envelope);
    const commit = await alpha.contract().submitAsync('put', { arguments: [freshKey('after'), 'value'] });
    await judgedAlike(transaction.getTransactionId(), Number((await commit.getStatus()).blockNumber));
  });

  it('is judged alike by everybody, whatever it says that it read and wrote', async function () {
    this.timeout(300_000);
    const [alpha, beta] = [stage.as('alpha'), stage.as('beta')];
    const all = await handInAll(stage.network, { alpha, beta }, oddSteps(freshKey('odd')));
    const nameOf = (code: number) => Object.entries(TX_CODE).find(([, each]) => each === code)?.[0] ?? code;
    assert.deepEqual(
      all.map(({ said, code }) => `${said.name}: ${nameOf(code)}`),
      all.map(({ said }) => `${said.name}: ${nameOf(said.code)}`),
    );
    const { consortium } = stage.network;
    const outside = engineName === 'embedded' ? chaincodeDefinitions(consortium, SHARED) : [];
    const last = Math.max(...all.map(({ block }) => block));
    for (const { said, found } of await judgeChain(await serializedBlocks(alpha, last), outside)) {
      assert.deepEqual(found, said);
    }
  });

  function handIn(txId: string, envelope: common.Envelope): Promise<void> {
    const request = new gateway.SubmitRequest();
    request.setTransactionId(txId);
    request.setChannelId(SHARED);
    const bytes = Buffer.concat([envelope.serializeBinary(), UNKNOWN_FIELD]);
    const all = Buffer.concat([request.serializeBinary(), Buffer.from([0x1a]), lengthOf(bytes), bytes]);
    return new Promise((resolve, reject) => {
      stage.as('alpha').client.makeUnaryRequest(
        '/gateway.Gateway/Submit',
        (value: Buffer) => value,
        (value: Buffer) => value,
        all,
        (error) => {
          if (error === null) resolve();
          else reject(error);
        },
      );
    });
  }
});

function lengthOf(bytes: Uint8Array): Buffer {
  const digits: number[] = [];
  let rest = bytes.length;
  for (; rest >= 0x80; rest >>= 7) digits.push((rest & 0x7f) | 0x80);
  return Buffer.from([...digits, rest]);
}

function withThirdNumber(signature: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x30, signature[1]! + 3]), signature.subarray(2), Buffer.from([2, 1, 5])]);
}

/** Nobody signs what follows the signature of a certificate. */
function withSurplus(pem: string): string {
  const der = Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64');
  // A certificate of this size has a length of two bytes.
  const longer = Buffer.concat([der, Buffer.from([5, 0])]);
  longer.writeUInt16BE(der.readUInt16BE(2) + 2, 2);
  return `-----BEGIN CERTIFICATE-----\n${longer.toString('base64')}\n-----END CERTIFICATE-----\n`;
}
