import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { privateKeyPem, generateKeyPair } from '@tracecal/pki';
import {
  assembleFounding,
  foundingSignature,
  MAX_MEMBER_CHARACTERS,
  MemberError,
  readMemberFile,
  readMemberSignature,
  type GivenFile,
} from '@tracecal/network/member';
import { memberTree } from '@tracecal/network/pki';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ceremonyOf, contentOf, signatureIn, signedBy, type Ceremony } from '../../support/ceremony.js';
import { scenarioConsortium } from '../../support/scenarioConsortium.js';

const load = createRequire(__filename);

describe("A member's file", () => {
  let ceremony: Ceremony;
  let file: GivenFile;

  before(async () => {
    ceremony = await ceremonyOf(scenarioConsortium(), 'file');
    [file] = ceremony.files as [GivenFile];
  });

  after(() => rmSync(ceremony.root, { recursive: true, force: true }));

  function refusal(text: string): MemberError {
    try {
      readMemberFile({ name: 'alpha.json', text });
    } catch (error) {
      assert.ok(error instanceof MemberError, String(error));
      return error;
    }
    throw new assert.AssertionError({ message: `was read: ${text.slice(0, 60)}` });
  }

  it('is read, and says whose it is', () => {
    const { content } = readMemberFile(file);
    assert.equal(content.member, 'alpha');
    assert.equal(content.msp.id, 'AlphaMSP');
    assert.equal(content.orderer?.name, 'orderer1');
  });

  it('has the published JSON Schema, and so has a signature', () => {
    for (const own of ceremony.owns) assembleFounding(own, ceremony.files);
    const signature = { name: 's', text: foundingSignature(ceremony.owns[0]!).text };
    const documents = { member: contentOf(file), 'member-signature': signatureIn(signature) };
    for (const [name, content] of Object.entries(documents)) {
      const schema = JSON.parse(
        readFileSync(load.resolve(`@tracecal/gateway-client/schemas/${name}.json`), 'utf8'),
      ) as object;
      const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(schema);
      assert.equal(validate(content), true, JSON.stringify(validate.errors));
      assert.equal(validate({ ...content, more: 1 }), false);
    }
  });

  it('has nothing private: no key of the data directory, in any form', () => {
    const { directory, member } = ceremony.owns[0]!;
    const admin = memberTree(directory.cryptoDir, member).user('Admin').msp;
    const secret = readFileSync(join(admin, 'keystore', 'priv_sk'), 'utf8').replaceAll(/-----[^-]+-----|\s/g, '');
    const everything = `${file.text}${JSON.stringify(contentOf(file))}`;
    assert.ok(!everything.includes(secret));
    assert.ok(!everything.includes('PRIVATE'));
  });

  it('is refused with a damaged byte in any of its parts', function () {
    this.timeout(240_000);
    // All of the signature and of what is around it; of the payload, which takes long to read, every 17th byte.
    const isTried = (at: number): boolean => at < 40 || at > file.text.length - 260 || at % 17 === 0;
    for (let at = 0; at < file.text.length; at++) {
      if (!isTried(at)) continue;
      const damaged = String.fromCharCode(file.text.charCodeAt(at) ^ 1);
      refusal(`${file.text.slice(0, at)}${damaged}${file.text.slice(at + 1)}`);
    }
  });

  it('is refused when anything is missing at its end, added, or written in another way', () => {
    const { text } = file;
    for (let end = 0; end < text.length; end += 97) refusal(text.slice(0, end));
    refusal(text.trimEnd());
    refusal(`${text}\n`);
    refusal(` ${text}`);
    refusal(JSON.stringify(JSON.parse(text), undefined, 2));
    refusal(text.replace('{', '{"payload":"e30",'));
    const { payload, signatures } = JSON.parse(text) as { payload: string; signatures: object[] };
    refusal(`${JSON.stringify({ payload, signatures: [...signatures, ...signatures] })}\n`);
    refusal(`${JSON.stringify({ payload, signatures: [] })}\n`);
  });

  it('is refused when it is too large, before it is parsed', () => {
    assert.equal(refusal(' '.repeat(MAX_MEMBER_CHARACTERS + 1)).code, 'FILE_INVALID');
  });

  it('is refused with every part of its content damaged, although its author signed it', () => {
    const content = contentOf(file) as unknown as Readonly<Record<string, unknown>>;
    const own = ceremony.owns[0]!;
    for (const name of Object.keys(content)) {
      const without = Object.fromEntries(Object.entries(content).filter(([each]) => each !== name));
      refusal(signedBy(own, without).text);
      refusal(signedBy(own, { ...content, [name]: 7 }).text);
    }
    refusal(signedBy(own, { ...content, surplus: 'x' }).text);
  });

  it('is refused if somebody else signed it, or in the name of somebody else', () => {
    const [alpha, beta] = ceremony.owns;
    const content = contentOf(file);
    for (const { text } of [signedBy(beta!, content, 'alpha'), signedBy(alpha!, content, 'beta')]) {
      const { code, message } = refusal(text);
      assert.equal(code, 'SIGNATURE_INVALID');
      assert.match(message, /alpha\.json is not signed with the key of the administrator of alpha/);
    }
  });

  it('is refused with a private key in it, which is never repeated', () => {
    const { privateKey } = generateKeyPair();
    const pem = privateKeyPem(privateKey);
    const der = pem.replaceAll(/-----[^-]+-----|\s/g, '');
    const own = ceremony.owns[0]!;
    const content = contentOf(file);
    const sec1 = privateKey.export({ type: 'sec1', format: 'der' }).toString('base64');
    const texts = [
      pem,
      `${der}\n`,
      JSON.stringify({ key: pem }),
      JSON.stringify(privateKey.export({ format: 'jwk' })),
      signedBy(own, { ...content, administrator: der }).text,
      signedBy(own, { ...content, orderer: { ...content.orderer!, tls: sec1 } }).text,
      signedBy(own, { ...content, note: pem }).text,
    ];
    for (const [index, text] of texts.entries()) {
      const { code, message } = refusal(text);
      assert.equal(code, 'PRIVATE_KEY', `${index}: ${message}`);
      assert.ok(!message.includes(der.slice(20, 40)));
    }
  });

  it('is not taken for a signature, nor a signature for it', () => {
    assert.throws(() => readMemberSignature(file), MemberError);
    const text = foundingSignature(ceremony.owns[0]!).text;
    assert.equal(refusal(text).code, 'FILE_INVALID');
  });
});
