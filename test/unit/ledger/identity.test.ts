import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { accessFromBlock } from '@tracecal/ledger/block';
import { AccessError, denialText } from '@tracecal/ledger/identity';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import type { Authority } from '@tracecal/pki';
import { generateKeyPair, signerOf, validFor } from '@tracecal/pki';
import { property } from '../../support/property.js';
import { DAY_MS, Person, serialize, TestChannel, TestOrganisation } from './testChannel.js';

const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

describe('An identity', () => {
  let channel: TestChannel;
  let lab: TestOrganisation;
  let access: ChannelAccess;

  before(async () => {
    channel = await TestChannel.make();
    lab = await TestOrganisation.make('LabMSP');
    access = accessFromBlock(channel.block([lab]).serializeBinary());
  });

  const refusal = (serialized: Uint8Array, from = access): AccessError => {
    try {
      from.identity(serialized);
    } catch (error) {
      assert.ok(error instanceof AccessError, String(error));
      return error;
    }
    return assert.fail('the identity was accepted');
  };

  it("has the role that its certificate's organisational unit gives it", async () => {
    for (const role of ['client', 'peer', 'orderer', 'admin'] as const) {
      const identity = access.identity((await lab.person(role)).serialized);
      assert.deepEqual([identity.mspId, identity.role], ['LabMSP', role]);
    }
  });

  it('of an organisation that the channel does not know is refused', async () => {
    const stranger = await TestOrganisation.make('StrangerMSP');
    const error = refusal((await stranger.person('client')).serialized);
    assert.equal(error.code, 'UNKNOWN_MSP');
    assert.equal(
      denialText('test-channel', error),
      'access denied: channel [test-channel] creator org unknown, creator is malformed',
    );
  });

  it("that another organisation's CA certified under this one's name is refused", async () => {
    const impostor = await TestOrganisation.make('LabMSP');
    assert.equal(refusal((await impostor.person('admin')).serialized).code, 'UNTRUSTED_CERTIFICATE');
  });

  it('is refused after its last day, but stays the same member when a block is validated', async () => {
    const past = { notBefore: new Date(Date.now() - 10 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) };
    const person = await lab.person('client', past);
    assert.equal(refusal(person.serialized).code, 'EXPIRED');
    assert.throws(() => access.authenticate(person.signs()), { code: 'EXPIRED' });
    assert.equal(access.authenticate(person.signs(), { timeless: true }).role, 'client');
    assert.ok(access.satisfies('/Channel/Application/Writers', [person.signs()]).satisfied);
  });

  it('is accepted before its first day, as on real Fabric', async () => {
    const future = { notBefore: new Date(Date.now() + DAY_MS), notAfter: new Date(Date.now() + 10 * DAY_MS) };
    const person = await lab.person('client', future);
    assert.equal(access.authenticate(person.signs()).role, 'client');
  });

  it('is checked again as time passes, although it is cached', async () => {
    let now = Date.now();
    const watched = accessFromBlock(channel.block([lab]).serializeBinary(), { now: () => now });
    const person = await lab.person('client');
    watched.identity(person.serialized);
    now += 2 * DAY_MS;
    assert.equal(refusal(person.serialized, watched).code, 'EXPIRED');
  });

  it('that is older than its CA is refused, because Fabric verifies a chain as of its first second', async () => {
    const ancient = { notBefore: new Date(Date.now() - 2000 * DAY_MS), notAfter: new Date(Date.now() + DAY_MS) };
    assert.equal(refusal((await lab.person('client', ancient)).serialized).code, 'UNTRUSTED_CERTIFICATE');
  });

  it('is refused once its CA has revoked it, and only then', async () => {
    const [revoked, other] = [await lab.person('client'), await lab.person('client')];
    const list = async (issuer: Authority): Promise<string> =>
      issuer.revocationList({
        revoked: [
          {
            serialNumber: new X509Certificate(revoked.certificate).serialNumber,
            revokedAt: new Date(),
            reason: 'keyCompromise',
          },
        ],
        thisUpdate: new Date(),
        nextUpdate: new Date(Date.now() + DAY_MS),
        number: 1,
      });
    const withList = async (issuer: Authority): Promise<ChannelAccess> => {
      lab.extra = { revocationList: [await list(issuer)] };
      const result = accessFromBlock(channel.block([lab]).serializeBinary());
      lab.extra = {};
      return result;
    };
    const current = await withList(lab.ca);
    const error = refusal(revoked.serialized, current);
    assert.equal(error.code, 'REVOKED');
    assert.equal(denialText('c', error), 'access denied: channel [c] creator org [LabMSP]');
    assert.equal(current.satisfies('/Channel/Application/Writers', [revoked.signs()]).satisfied, false);
    assert.ok(current.identity(other.serialized));
    // A list by somebody else, even with the same certificate in it, says nothing about it.
    const elsewhere = await TestOrganisation.make('LabMSP');
    assert.ok((await withList(elsewhere.ca)).identity(revoked.serialized));
  });

  it('may come from an intermediate CA, and then no longer from the root', async () => {
    const { publicKey, privateKey } = generateKeyPair();
    const request = { commonName: 'ica.lab', organisation: 'LabMSP', country: 'ZZ', publicKey, validity: validFor(30) };
    const intermediate = await lab.ca.createIntermediate(request, signerOf(privateKey));
    lab.extra = { intermediateCerts: [intermediate.certificate] };
    const layered = accessFromBlock(channel.block([lab]).serializeBinary());
    lab.extra = {};
    assert.equal(layered.identity((await lab.person('peer', validFor(1), intermediate)).serialized).role, 'peer');
    assert.equal(refusal((await lab.person('peer')).serialized, layered).code, 'UNTRUSTED_CERTIFICATE');
    assert.equal(
      refusal((await lab.person('peer', validFor(1), intermediate)).serialized).code,
      'UNTRUSTED_CERTIFICATE',
    );
    assert.equal(refusal(serialize('LabMSP', intermediate.certificate), layered).code, 'UNTRUSTED_CERTIFICATE');
  });

  it('of an organisation without node OUs is a member, and an admin only by name', async () => {
    const admin = await lab.person('client');
    lab.extra = { nodeOus: { enabled: false, units: {} }, admins: [admin.certificate] };
    const plain = accessFromBlock(channel.block([lab]).serializeBinary());
    lab.extra = {};
    assert.equal(plain.identity(admin.serialized).role, 'admin');
    const member = await lab.person('admin');
    assert.equal(plain.identity(member.serialized).role, 'member');
    assert.ok(plain.satisfies('/Channel/Application/LabMSP/Admins', [admin.signs()]).satisfied);
    assert.equal(plain.satisfies('/Channel/Application/LabMSP/Admins', [member.signs()]).satisfied, false);
  });

  it('without exactly one role is refused where node OUs are on', async () => {
    lab.extra = { nodeOus: { enabled: true, units: { admin: { unit: 'admin' }, peer: { unit: 'peer' } } } };
    const strict = accessFromBlock(channel.block([lab]).serializeBinary());
    lab.extra = {};
    const error = refusal((await lab.person('client')).serialized, strict);
    assert.equal(error.code, 'UNTRUSTED_CERTIFICATE');
    assert.equal(error.mspId, 'LabMSP');
  });

  it('that is no identity at all is refused quickly and with a code, whatever the bytes', async () => {
    const person = await lab.person('client');
    const chain = `${person.certificate}\n`.repeat(1000);
    assert.ok(access.identity(serialize('LabMSP', chain)));
    for (const bytes of [
      Buffer.alloc(0),
      // A name of 32 GiB, says the length.
      Buffer.from('0affffffff7f41', 'hex'),
      serialize('', ''),
      serialize('LabMSP', 'garbage'),
      serialize('LabMSP', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'),
      serialize('LabMSP', person.certificate.replace(/[A-Z]/, '')),
      serialize('LabMSP', Buffer.alloc(5_000_000, 0x41)),
    ]) {
      refusal(bytes);
    }
    for (let length = 0; length < person.serialized.length; length++) refusal(person.serialized.slice(0, length));
    property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      refusal(bytes);
    });
  });

  it('with a single byte of its certificate changed is never anybody', async () => {
    const person = await lab.person('client');
    const der = Buffer.from(person.certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    property(fc.tuple(fc.nat({ max: der.length - 1 }), fc.integer({ min: 1, max: 255 })), ([position, mask]) => {
      const changed = Buffer.from(der);
      changed[position] = (changed[position] ?? 0) ^ mask;
      const pem = `-----BEGIN CERTIFICATE-----\n${changed.toString('base64')}\n-----END CERTIFICATE-----\n`;
      refusal(serialize('LabMSP', pem));
    });
  });
});

describe('A signature', () => {
  let access: ChannelAccess;
  let person: Person;

  before(async () => {
    const lab = await TestOrganisation.make('LabMSP');
    access = accessFromBlock((await TestChannel.make()).block([lab]).serializeBinary());
    person = await lab.person('client');
  });

  it('by the key of the certificate is accepted', () => {
    assert.equal(access.authenticate(person.signs()).mspId, 'LabMSP');
  });

  it('of something else, by somebody else or cut short is refused', () => {
    const signed = person.signs();
    const other = new Person('LabMSP', person.certificate, createPrivateKey(newKey()));
    for (const wrong of [
      { ...signed, data: Buffer.from('another proposal') },
      other.signs(),
      { ...signed, signature: signed.signature.slice(0, -1) },
      { ...signed, signature: new Uint8Array() },
      { ...signed, signature: Buffer.from('3006020100020100', 'hex') },
    ]) {
      assert.throws(() => access.authenticate(wrong), { code: 'BAD_SIGNATURE', mspId: 'LabMSP' });
    }
  });

  it('with the larger of its two s values is refused, though it is mathematically right', () => {
    const signed = person.signs();
    const raw = sign('sha256', signed.data, { key: person.privateKey, dsaEncoding: 'ieee-p1363' });
    const r = BigInt(`0x${raw.toString('hex', 0, 32)}`);
    const s = BigInt(`0x${raw.toString('hex', 32)}`);
    const high = s > ORDER / 2n ? s : ORDER - s;
    assert.throws(() => access.authenticate({ ...signed, signature: der(r, high) }), { code: 'HIGH_S' });
    assert.ok(access.authenticate({ ...signed, signature: der(r, ORDER - high) }));
  });
});

function newKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    format: 'pem',
    type: 'pkcs8',
  }) as string;
}

function der(...numbers: readonly bigint[]): Buffer {
  const integers = numbers.map((number) => {
    const hex = number.toString(16).padStart(64, '0');
    const bytes = Buffer.from(hex, 'hex');
    let start = 0;
    while (bytes[start] === 0) start++;
    const magnitude =
      (bytes[start] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes.subarray(start)]) : bytes.subarray(start);
    return Buffer.concat([Buffer.from([2, magnitude.length]), magnitude]);
  });
  const body = Buffer.concat(integers);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}
