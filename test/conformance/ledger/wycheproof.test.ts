import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { accessFromBlock } from '@tracecal/ledger/block';
import { AccessError } from '@tracecal/ledger/identity';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { validFor } from '@tracecal/pki';
import { requireSharedData } from '../../support/sharedData.js';
import { serialize, TestChannel, TestOrganisation } from '../../unit/ledger/testChannel.js';

interface Vectors {
  readonly testGroups: readonly {
    readonly publicKeyPem: string;
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly msg: string;
      readonly sig: string;
      readonly result: 'valid' | 'invalid' | 'acceptable';
    }[];
  }[];
}

const HALF_ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551') / 2n;

describe("Wycheproof's ECDSA P-256 signatures in DER, by identities of a channel", function () {
  this.timeout(60_000);

  let vectors: Vectors;
  let lab: TestOrganisation;
  let access: ChannelAccess;

  before(async function () {
    const file = requireSharedData(this, 'vectors', 'wycheproof', 'ecdsa_secp256r1_sha256_test.json');
    vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
    lab = await TestOrganisation.make('LabMSP');
    access = accessFromBlock((await TestChannel.make()).block([lab]).serializeBinary());
  });

  it('are accepted when they are valid and have the smaller s, and otherwise refused with the reason', async () => {
    const counts = { accepted: 0, highS: 0, refused: 0 };
    for (const group of vectors.testGroups) {
      const identity = await identityWith(group.publicKeyPem);
      for (const { tcId, comment, msg, sig, result } of group.tests) {
        const signature = Buffer.from(sig, 'hex');
        const outcome = verdict({ data: Buffer.from(msg, 'hex'), identity, signature });
        const where = `${tcId}: ${comment}`;
        if (result !== 'valid') assert.notEqual(outcome, 'accepted', where);
        else assert.equal(outcome, valueOfS(signature) > HALF_ORDER ? 'HIGH_S' : 'accepted', where);
        counts[outcome === 'accepted' ? 'accepted' : outcome === 'HIGH_S' ? 'highS' : 'refused']++;
      }
    }
    assert.ok(counts.accepted > 100 && counts.highS > 20 && counts.refused > 100, JSON.stringify(counts));
  });

  const identityWith = async (publicKeyPem: string): Promise<Uint8Array> => {
    const publicKey = createPublicKey(publicKeyPem);
    const request = { commonName: 'vector', organisation: 'Lab', country: 'ZZ', role: 'client' as const, publicKey };
    return serialize('LabMSP', await lab.ca.issueIdentity({ ...request, validity: validFor(1) }));
  };

  const verdict = (signed: Parameters<ChannelAccess['authenticate']>[0]): string => {
    try {
      access.authenticate(signed);
      return 'accepted';
    } catch (error) {
      assert.ok(error instanceof AccessError, String(error));
      return error.code;
    }
  };
});

/** Of a signature that is known to be well-formed. */
function valueOfS(signature: Buffer): bigint {
  const rLength = signature[3] ?? 0;
  return BigInt(`0x${signature.subarray(6 + rLength).toString('hex')}`);
}
