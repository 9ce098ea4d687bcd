import assert from 'node:assert/strict';
import { inspectBytes, type DccErrorCode } from '@tracecal/gateway-client/dcc';
import { quantity, real, smallCertificate, xmlList } from '../../support/smallCertificate.js';

function codeOf(bytes: Uint8Array): DccErrorCode | undefined {
  return inspectBytes(bytes, 'file.xml').error?.code;
}

function refuses(code: DccErrorCode, bytes: Uint8Array | string): void {
  assert.equal(codeOf(typeof bytes === 'string' ? Buffer.from(bytes) : bytes), code);
}

describe('XML of certificates', () => {
  it('is read with or without a byte order mark', () => {
    assert.equal(codeOf(smallCertificate()), undefined);
    assert.equal(codeOf(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), smallCertificate()])), undefined);
  });

  it('is refused with any document type, wherever it points', () => {
    refuses('XML_DOCTYPE', smallCertificate({ head: '<!DOCTYPE x>' }));
    refuses('XML_DOCTYPE', smallCertificate({ head: '<!DOCTYPE x SYSTEM "file:///etc/passwd">' }));
    refuses('XML_DOCTYPE', smallCertificate({ head: '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>' }));
  });

  it('knows the predefined entities and character references', () => {
    const item = '<dcc:item><dcc:model>&lt;&amp;&#x41;&#66;&gt;</dcc:model></dcc:item>';
    assert.equal(inspectBytes(smallCertificate({ item }), 'f').items[0]?.model, '<&AB>');
  });

  for (const entity of ['undefined', 'constructor', 'toString', '__proto__', 'hasOwnProperty', 'nbsp']) {
    it(`refuses the entity ${entity}`, () => {
      refuses(
        'XML_NOT_WELL_FORMED',
        smallCertificate({ item: `<dcc:item><dcc:model>&${entity};</dcc:model></dcc:item>` }),
      );
    });
  }

  it('is refused in other encodings, declared or not', () => {
    refuses('XML_ENCODING', smallCertificate({ head: '<?xml version="1.0" encoding="ISO-8859-1"?>' }));
    refuses('XML_ENCODING', smallCertificate({ head: '<?xml version="1.0" encoding="UTF-16"?>' }));
    refuses('XML_ENCODING', Buffer.from(`\ufeff${smallCertificate().toString()}`, 'utf16le'));
    refuses('XML_ENCODING', Buffer.concat([smallCertificate(), Buffer.from([0xff])]));
    // An overlong encoding of "/", and half a surrogate pair.
    refuses('XML_ENCODING', Buffer.concat([smallCertificate(), Buffer.from([0xc0, 0xaf])]));
    refuses('XML_ENCODING', Buffer.concat([smallCertificate(), Buffer.from([0xed, 0xa0, 0x80])]));
  });

  it('accepts ASCII as the subset of UTF-8 that it is', () => {
    assert.equal(codeOf(smallCertificate({ head: '<?xml version="1.0" encoding="us-ascii"?>' })), undefined);
  });

  for (const [what, xml] of [
    ['nothing', ''],
    ['white space', ' \n'],
    ['text', 'certificate'],
    ['an open element', '<a>'],
    ['crossed elements', '<a><b></a></b>'],
    ['two roots', '<a/><b/>'],
    ['text after the root', '<a/>x'],
    ['an attribute that stands twice', '<a b="1" b="2"/>'],
    ['the same attribute under two prefixes', '<a xmlns:x="u" xmlns:y="u" x:b="1" y:b="2"/>'],
    ['an unbound prefix', '<x:a/>'],
    ['a control character', '<a>\u0001</a>'],
    ['a reference to a control character', '<a>&#1;</a>'],
    ['a reference beyond Unicode', '<a>&#x110000;</a>'],
    ['an end of CDATA in text', '<a>]]></a>'],
    ['a comment with two hyphens', '<a><!-- -- --></a>'],
    ['a late XML declaration', ' <?xml version="1.0"?><a/>'],
    ['a less-than sign in an attribute', '<a b="<"/>'],
  ] as const) {
    it(`refuses ${what}`, () => {
      refuses('XML_NOT_WELL_FORMED', xml);
    });
  }

  it('joins text around comments and CDATA, as every XML processor does', () => {
    const item = '<dcc:item><dcc:model>A<!-- x -->B<![CDATA[<C>]]></dcc:model></dcc:item>';
    assert.equal(inspectBytes(smallCertificate({ item }), 'f').items[0]?.model, 'AB<C>');
  });

  it('bounds size, depth, elements and attributes', () => {
    const limits = { maxBytes: 5000, maxDepth: 20, maxElements: 200, maxAttributes: 8, maxListEntries: 50 };
    const code = (item: string) => inspectBytes(smallCertificate({ item }), 'f', limits).error?.code;
    assert.equal(code('<dcc:item/>'), undefined);
    assert.equal(code(`<dcc:item>${' '.repeat(5000)}</dcc:item>`), 'XML_TOO_LARGE');
    assert.equal(code('<a>'.repeat(20)), 'XML_TOO_DEEP');
    assert.equal(code('<a/>'.repeat(200)), 'XML_TOO_MANY');
    const attributes = Array.from({ length: 9 }, (_, i) => `a${i}=""`).join(' ');
    assert.equal(code(`<dcc:item ${attributes}/>`), 'XML_TOO_MANY');
    const data = quantity('T', xmlList('1 '.repeat(50), '\\one'));
    assert.equal(inspectBytes(smallCertificate({ data }), 'f', limits).error?.code, 'XML_TOO_MANY');
  });

  it('is refused in whole sentences, however long what they quote is', () => {
    const data = quantity('T', real(`1${'9'.repeat(5000)}x`, '\\kelvin'));
    const { error } = inspectBytes(smallCertificate({ data }), 'f');
    assert.match(error?.message ?? '', /is "1(?:9){79}…", which is not a decimal number\.$/);
  });

  it('survives what is as large as the default limits allow', () => {
    refuses('XML_TOO_DEEP', '<a>'.repeat(1_000_000));
    refuses('XML_TOO_MANY', `<a>${'<a/>'.repeat(1_000_000)}</a>`);
    refuses('XML_TOO_LARGE', Buffer.alloc(33 * 1024 * 1024, 0x20));
    const many = inspectBytes(smallCertificate({ item: `<dcc:item/>${'<dcc:what/>'.repeat(50_000)}` }), 'f');
    assert.equal(many.ok, true);
    // Named are the first; the rest is counted.
    assert.equal(many.unsupported.length, 501);
    assert.match(many.unsupported.at(-1)!.reason, /^49500 more/);
  }).timeout(60_000);

  it('resolves a million character references without harm', () => {
    const item = `<dcc:item><dcc:model>${'&#65;'.repeat(1_000_000)}</dcc:model></dcc:item>`;
    assert.equal(inspectBytes(smallCertificate({ item }), 'f').items[0]?.model?.length, 1_000_000);
  });

  it('gives names like __proto__ no power', () => {
    const item = '<dcc:item __proto__="x" constructor="y"><dcc:__proto__/><dcc:model>M</dcc:model></dcc:item>';
    const inspected = inspectBytes(smallCertificate({ item }), 'f');
    assert.equal(inspected.items[0]?.model, 'M');
    assert.deepEqual(
      inspected.unsupported.map(({ path }) => path.split('/').at(-1)),
      ['@__proto__', '@constructor', '__proto__'],
    );
    assert.equal(Object.hasOwn(Object.prototype, 'x'), false);
  });
});
