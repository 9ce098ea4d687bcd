import assert from 'node:assert/strict';
import { DccError, verifySeal } from '@tracecal/gateway-client/dcc';
import fc from 'fast-check';
import { asyncProperty } from '../../support/property.js';
import { failsAt, isVerified, laboratory, middle, sealed, sealOf, trust } from '../../support/seals/expectations.js';
import { algorithm, ALGORITHMS, CERTIFICATE, reference } from '../../support/seals/signedCertificate.js';
import { signatureOver, withSignature } from '../../support/seals/signedCertificate.js';

const FORGED = CERTIFICATE.replace('20.10', '99.99').replace(' id="root"', '');
const ORIGINAL_VALUE = '<dcc:value id="v1">20.10</dcc:value>';

/** A signature that covers one element by its id. */
function overPart(certificate = CERTIFICATE): string {
  const covered = ORIGINAL_VALUE.replace('<dcc:value', '<dcc:value xmlns:dcc="https://ptb.de/dcc"');
  const transforms = algorithm('Transform', ALGORITHMS.exclusive);
  return signatureOver({ signer: laboratory, chain: [middle], uri: '#v1', covered, transforms, certificate });
}

function edit(file: Buffer, from: string | RegExp, to: string): Buffer {
  const text = file.toString();
  const edited = text.replace(from, () => to);
  assert.notEqual(edited, text);
  return Buffer.from(edited);
}

/** Markup, texts and other pieces of the same file. */
function pieces(file: string): fc.Arbitrary<string> {
  const place = fc.integer({ min: 0, max: file.length });
  return fc.oneof(
    fc.constantFrom('', '<!-- -->', '<a/>', '</ds:Signature>', '<ds:Signature/>', ' Id="sig"', '&#x32;', '<?x?>'),
    fc.string({ maxLength: 20 }),
    fc.tuple(place, fc.integer({ min: 0, max: 2000 })).map(([from, length]) => file.slice(from, from + length)),
  );
}

async function signedBytesOf(file: Uint8Array): Promise<Buffer | null> {
  try {
    return (await verifySeal(file, trust)).signedBytes;
  } catch (error) {
    assert.ok(error instanceof DccError, String(error));
    return null;
  }
}

describe('an attack that wraps or splits what is signed', () => {
  it('fails when the signature covers a part only', async () => {
    await failsAt('structure', withSignature(overPart()), /covers a part/);
    const plain = signatureOver({ signer: laboratory, uri: '#v1', enveloped: '', covered: 'x' });
    await failsAt('structure', withSignature(plain), /covers a part/);
  });

  it('fails when the signed certificate is moved into another one', async () => {
    const signed = sealed({ uri: '#root' }).toString().replace(/^.*\n/, '');
    const signature = /<ds:Signature .*<\/ds:Signature>/s.exec(signed)?.[0] ?? '';
    const original = signed.replace(signature, '').trim();
    // The old root with its id stands somewhere inside, the signature at its place under the new root.
    const wrapped = FORGED.replace('</dcc:measurementResults>', () => `${original}</dcc:measurementResults>`);
    await failsAt('structure', withSignature(signature, wrapped), /covers a part/);
    // Or inside the signature, in an Object.
    const inObject = signature.replace('</ds:Signature>', () => `<ds:Object>${original}</ds:Object></ds:Signature>`);
    await failsAt('structure', withSignature(inObject, FORGED), /covers a part/);
  });

  it('fails when the signed certificate, with its signature, stands inside another one', async () => {
    const signed = sealed().toString().replace(/^.*\n/, '').trim();
    const wrapped = FORGED.replace('</dcc:measurementResults>', () => `${signed}</dcc:measurementResults>`);
    assert.equal((await sealOf(Buffer.from(wrapped))).state, 'absent');
  });

  it('fails when two elements have the id that is signed', async () => {
    const twice = CERTIFICATE.replace('id="v1"', 'id="root"');
    await failsAt('structure', sealed({ certificate: twice, uri: '#root' }), /More than one element has the id/);
    for (const attribute of ['Id', 'ID', 'xml:id']) {
      const other = CERTIFICATE.replace('id="v1"', `${attribute}="root"`);
      await failsAt('structure', sealed({ certificate: other, uri: '#root' }), /More than one element has the id/);
    }
  });

  it("fails when two elements have the id of the signer's statements", async () => {
    await failsAt('structure', sealed({ certificate: CERTIFICATE.replace('id="v1"', 'Id="props"') }), /More than one/);
  });

  it("fails when the signer's statements are moved elsewhere and replaced", async () => {
    const file = sealed().toString();
    const [properties = ''] = /<xades:SignedProperties.*<\/xades:SignedProperties>/s.exec(file) ?? [];
    const replaced = properties.replace(' Id="props"', '').replace('2025-06-10', '2020-01-01');
    const moved = file
      .replace(properties, () => replaced)
      .replace('</ds:Signature>', () => `<ds:Object>${properties}</ds:Object></ds:Signature>`);
    await failsAt('structure', Buffer.from(moved), /covers a part/);
  });

  it("fails when the signer's statements belong to another signature", async () => {
    await failsAt('structure', edit(sealed(), 'Target="#sig"', 'Target="#other"'), /another signature/);
  });

  it('fails when there are two signatures, whichever comes first', async () => {
    const good = signatureOver({ signer: laboratory, chain: [middle] });
    const empty = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>';
    await failsAt('structure', withSignature(good + empty), /more than one signature/);
    await failsAt('structure', withSignature(empty + good), /more than one signature/);
    const nested = CERTIFICATE.replace('20.10', () => good);
    await failsAt('structure', withSignature(good, nested), /more than one signature/);
  });

  it('fails when there are two SignedInfo, two values or something else in the signature', async () => {
    const file = sealed();
    const [signedInfo = ''] = /<ds:SignedInfo.*<\/ds:SignedInfo>/s.exec(file.toString()) ?? [];
    const other = signedInfo.replace(/<ds:DigestValue>[^<]*/, '<ds:DigestValue>AAAA');
    await failsAt('structure', edit(file, signedInfo, other + signedInfo), /more than one SignedInfo/);
    await failsAt('structure', edit(file, signedInfo, signedInfo + other), /more than one SignedInfo/);
    await failsAt('structure', edit(file, '<ds:KeyInfo>', '<ds:SignatureValue>AAAA</ds:SignatureValue><ds:KeyInfo>'));
    await failsAt('structure', edit(file, '<ds:KeyInfo>', '<ds:Manifest/><ds:KeyInfo>'), /holds Manifest/);
  });

  it('fails when there are more references than the certificate and the statements', async () => {
    const part = reference('#v1', algorithm('Transform', ALGORITHMS.exclusive), 'sha256', 'x');
    await failsAt('structure', sealed({ moreReferences: part }), /more references/);
    await failsAt('structure', sealed({ moreReferences: part, signingTime: null }), /covers a part/);
    const again = reference('', algorithm('Transform', ALGORITHMS.enveloped), 'sha256', CERTIFICATE);
    await failsAt('structure', sealed({ moreReferences: again, signingTime: null }), /exactly once/);
  });

  it('fails when the only reference is to the statements', async () => {
    const file = sealed().toString();
    const [whole = ''] = /<ds:Reference URI="">.*?<\/ds:Reference>/s.exec(file) ?? [];
    await failsAt('structure', edit(Buffer.from(file), whole, ''), /exactly once/);
  });

  for (const [what, uri] of [
    ['another file', 'file:///etc/passwd'],
    ['the network', 'http://127.0.0.1:1/x'],
    ['an XPointer', "#xpointer(id('v1'))"],
    ['the root as an XPointer', '#xpointer(/)'],
    ['an id that is not there', '#nowhere'],
    ['an empty id', '#'],
  ] as const) {
    it(`fails when a reference points to ${what}`, async () => {
      await failsAt('structure', sealed({ uri }));
    });
  }

  it('fails when a reference has no URI', async () => {
    await failsAt('structure', edit(sealed(), ' URI=""', ''), /points outside/);
  });

  for (const [what, transforms] of [
    ['XSLT', algorithm('Transform', 'http://www.w3.org/TR/1999/REC-xslt-19991116', '<x></x>')],
    ['XPath', algorithm('Transform', 'http://www.w3.org/TR/1999/REC-xpath-19991116', '<ds:XPath>1</ds:XPath>')],
    ['XPath filter 2', algorithm('Transform', 'http://www.w3.org/2002/06/xmldsig-filter2')],
    ['base64', algorithm('Transform', 'http://www.w3.org/2000/09/xmldsig#base64')],
    ['a form with parameters', algorithm('Transform', ALGORITHMS.c14n11, '<x></x>')],
    ['no algorithm', '<ds:Transform></ds:Transform>'],
    ['two forms', algorithm('Transform', ALGORITHMS.c14n11) + algorithm('Transform', ALGORITHMS.c14n11)],
    ['the enveloped-signature twice', algorithm('Transform', ALGORITHMS.enveloped)],
  ] as const) {
    it(`fails when a reference is transformed by ${what}`, async () => {
      await failsAt('structure', sealed({ transforms }), /transform/);
    });
  }

  it('fails when the signature itself is not left out', async () => {
    await failsAt('structure', sealed({ enveloped: '' }), /enveloped-signature is missing/);
    const withParameter = algorithm('Transform', ALGORITHMS.enveloped, '<x></x>');
    await failsAt('structure', sealed({ enveloped: withParameter }), /has parameters/);
  });

  it('fails when a comment splits a digest or a value', async () => {
    await failsAt('structure', edit(sealed(), /<ds:DigestValue>/, '<ds:DigestValue><!-- AAAA -->'), /comment/);
    await failsAt('structure', edit(sealed(), /(?<=Id="value">)/, '<!-- AAAA -->'), /comment/);
    await failsAt('structure', edit(sealed(), /<ds:DigestValue>/, '<ds:DigestValue><?x y?>'), /comment/);
  });

  it('does not hand on comments, so that no reader stops at one', async () => {
    const commented = edit(sealed(), '20.10', '20.<!-- 99 -->10');
    await isVerified(commented);
    const { signedBytes } = await verifySeal(commented, trust);
    assert.equal(signedBytes?.toString(), CERTIFICATE);
  });

  it('sees through character references and CDATA, which canonical bytes do not have', async () => {
    await isVerified(edit(sealed(), '20.10', '&#50;0.<![CDATA[10]]>'));
    await failsAt('reference-digest', edit(sealed(), '20.10', '&#51;0.10'));
  });

  it('fails when text is added before, after or between', async () => {
    await failsAt('reference-digest', edit(sealed(), '<ds:Signature ', 'x<ds:Signature '));
    await failsAt('reference-digest', edit(sealed(), '</ds:Signature>', '</ds:Signature><dcc:comment/>'));
    await failsAt('reference-digest', edit(sealed(), '<dcc:digital', '<?xml-stylesheet href="x"?><dcc:digital'));
  });

  it('never yields another certificate when parts of the file are replaced, removed or repeated', async () => {
    const file = sealed().toString();
    const place = fc.integer({ min: 0, max: file.length });
    const edits = fc.record({ from: place, length: fc.integer({ min: 0, max: 400 }), text: pieces(file) });
    await asyncProperty(
      edits,
      async ({ from, length, text }) => {
        const edited = Buffer.from(file.slice(0, from) + text + file.slice(from + length));
        const signedBytes = await signedBytesOf(edited);
        assert.ok(signedBytes === null || signedBytes.toString() === CERTIFICATE);
      },
      150,
    );
  });

  it('fails when a prefix is bound to another namespace', async () => {
    await failsAt('reference-digest', edit(sealed(), 'xmlns:si="https://ptb.de/si"', 'xmlns:si="urn:other"'));
  });
});
