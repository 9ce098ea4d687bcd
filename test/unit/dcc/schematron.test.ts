import assert from 'node:assert/strict';
import { removeTemporaryFolders } from '../../support/temporaryFolder.js';
import { certificate, folderWith, LAYOUT, pattern, refuses, rules, validate } from '../../support/validation.js';

async function complaints(patterns: string, head = '', number = '5'): Promise<string[]> {
  const { ok, findings } = await validate(certificate(number), {
    schemas: folderWith(LAYOUT),
    schematron: rules(patterns, head),
  });
  assert.equal(
    ok,
    findings.every(({ level }) => level !== 'error'),
  );
  return findings.map(({ level, line, reason }) => `${level} ${line ?? '-'}: ${reason}`);
}

describe('a certificate under Schematron rules', () => {
  after(removeTemporaryFolders);

  it('is told where an assert does not hold and a report does', async () => {
    const found = await complaints(
      pattern(`<sch:rule context="si:number"><sch:assert test="number(.) &gt; 6">too small: <sch:value-of select="."/>
        in <sch:name path=".."/></sch:assert><sch:report test=". = 5">five</sch:report>
        <sch:assert test=". castable as xs:decimal">number</sch:assert></sch:rule>`),
    );
    assert.deepEqual(found, ['error 2: too small: 5 in dcc:digitalCalibrationCertificate', 'error 2: five']);
  });

  it('is made invalid by errors only', async () => {
    const rule = (role: string) =>
      pattern(`<sch:rule context="si:number"><sch:report role="${role}" test="true()">here</sch:report></sch:rule>`);
    assert.deepEqual(await complaints(rule('warning')), ['warning 2: here']);
    assert.deepEqual(await complaints(rule('information')), ['information 2: here']);
    assert.deepEqual(await complaints(rule('error')), ['error 2: here']);
  });

  it('knows variables of the rule set, the pattern and the rule, with the types of XPath', async () => {
    const found = await complaints(
      pattern(`<sch:let name="numbers" value="//si:number"/><sch:let name="day" value="xs:date('2025-01-31')"/>
        <sch:rule context="@schemaVersion"><sch:let name="sum" value="count($numbers) + $one"/>
        <sch:assert test="$sum = 3 and $day lt xs:date('2025-02-01') and $numbers = '5'">
        <sch:value-of select="$sum"/> <sch:value-of select="$day"/> <sch:value-of select="string-join($words, '+')"/></sch:assert></sch:rule>`),
      `<sch:let name="one" value="1"/><sch:let name="words" value="tokenize('a b', ' ')"/>`,
    );
    assert.deepEqual(found, ['error 1: 2 2025-01-31 a+b']);
  });

  it('tries a node by the first rule of a pattern that fits, and by every pattern', async () => {
    const rule = (context: string, text: string) =>
      `<sch:rule context="${context}"><sch:report test="true()">${text}</sch:report></sch:rule>`;
    const found = await complaints(
      pattern(rule("x | si:number[. = ('5', '|')]", 'first') + rule('si:number', 'second')) +
        pattern(rule('dcc:digitalCalibrationCertificate/*', 'other pattern')),
    );
    assert.deepEqual(found, ['error 2: first', 'error 2: other pattern']);
  });

  it('reads a context as a path from the root, from anywhere, or as a pattern with alternatives in it', async () => {
    const rule = (context: string) =>
      pattern(`<sch:rule context="${context}"><sch:report test="true()">${context}</sch:report></sch:rule>`);
    const contexts = ['/', '/dcc:digitalCalibrationCertificate', '//si:number', 'si:number[x | self::si:number]'];
    const found = await complaints(contexts.map(rule).join(''));
    assert.deepEqual(found, [
      'error -: /',
      'error 1: /dcc:digitalCalibrationCertificate',
      'error 2: //si:number',
      'error 2: si:number[x | self::si:number]',
    ]);
    // A path from the root does not mean the same element further down.
    assert.deepEqual(await complaints(rule('/si:number')), []);
    // Nor does one within a condition mean an element elsewhere.
    assert.deepEqual(await complaints(rule('si:number[x | dcc:digitalCalibrationCertificate]')), []);
  });

  it('may extend abstract rules', async () => {
    const found = await complaints(
      pattern(`<sch:rule abstract="true" id="base"><sch:assert test="false()">base</sch:assert></sch:rule>
        <sch:rule context="si:number"><sch:extends rule="base"/></sch:rule>`),
    );
    assert.deepEqual(found, ['error 2: base']);
  });

  it('fails a rule that cannot be evaluated, and goes on', async () => {
    const found = await complaints(
      pattern(`<sch:rule context="si:number"><sch:assert test="xs:date(.) lt xs:date('2025-01-01')">a</sch:assert>
        <sch:assert test="unknown(.)">b</sch:assert><sch:assert test="false()">c</sch:assert></sch:rule>`),
    );
    assert.equal(found.length, 3);
    assert.match(found[0] ?? '', /^error 2: The rule "xs:date/);
    assert.match(found[1] ?? '', /^error 2: The rule "unknown/);
    assert.equal(found[2], 'error 2: c');
  });

  it('is not compared with rules that are only partly understood', async () => {
    for (const [text, reason] of [
      [rules('<sch:include href="other.sch"/>'), /Line 3: sch:include is not supported/],
      [
        rules('<xsl:function xmlns:xsl="http://www.w3.org/1999/XSL/Transform" name="f"/>'),
        /xsl:function is not supported/,
      ],
      [rules('<sch:pattern abstract="true"/>'), /abstract patterns/],
      [rules(pattern('<sch:rule context="x"><sch:extends rule="y"/></sch:rule>')), /no abstract rule "y"/],
      [rules(pattern('<sch:rule context="x"><sch:assert>z</sch:assert></sch:rule>')), /has no test/],
      [Buffer.from(rules('').toString().replace('xslt2', 'xquery')), /"xquery" is not supported/],
      [Buffer.from('<a/>'), /not a Schematron file/],
      [Buffer.from('<a>'), /well-formed/],
    ] as const) {
      await refuses('SCHEMATRON_UNUSABLE', { schematron: text }, reason);
    }
  });
});
