import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DccError, Validator } from '@tracecal/gateway-client/dcc';
import type { Validation, ValidationOptions } from '@tracecal/gateway-client/dcc';
import { temporaryFolder } from './temporaryFolder.js';

export const XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"';

/** A schema in which a certificate has one number, described by another schema. */
export function certificateSchema(version: string, location: string, more = ''): string {
  return `<xs:schema ${XS} xmlns:si="https://ptb.de/si" version="${version}" targetNamespace="https://ptb.de/dcc" elementFormDefault="qualified">
  <xs:import namespace="https://ptb.de/si" schemaLocation="${location}"/>
  <xs:element name="digitalCalibrationCertificate"><xs:complexType><xs:sequence>
    <xs:element ref="si:number"/>${more}
  </xs:sequence><xs:attribute name="schemaVersion" type="xs:string"/></xs:complexType></xs:element>
</xs:schema>`;
}

export const NUMBERS = `<xs:schema ${XS} targetNamespace="https://ptb.de/si"><xs:element name="number" type="xs:decimal"/></xs:schema>`;

export const LAYOUT = { 'dcc/v9/dcc.xsd': certificateSchema('9.1.0', '../../dsi/si.xsd'), 'dsi/si.xsd': NUMBERS };

export function certificate(number: string, version = '9.1.0'): Buffer {
  return Buffer.from(
    `<dcc:digitalCalibrationCertificate xmlns:dcc="https://ptb.de/dcc" xmlns:si="https://ptb.de/si" schemaVersion="${version}">\n<si:number>${number}</si:number>\n</dcc:digitalCalibrationCertificate>`,
  );
}

export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export async function validate(bytes: Uint8Array, options: ValidationOptions): Promise<Validation> {
  const validator = await Validator.open(options);
  try {
    return await validator.bytes(bytes, 'file.xml');
  } finally {
    validator.close();
  }
}

export async function refuses(code: string, options: ValidationOptions, reason: RegExp): Promise<void> {
  await assert.rejects(validate(certificate('1'), options), (error: unknown) => {
    assert.ok(error instanceof DccError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, reason);
    return true;
  });
}

export function rules(patterns: string, head = ''): Buffer {
  return Buffer.from(
    `<sch:schema xmlns:sch="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">\n<sch:ns prefix="dcc" uri="https://ptb.de/dcc"/><sch:ns prefix="si" uri="https://ptb.de/si"/>${head}\n${patterns}\n</sch:schema>`,
  );
}

export const pattern = (content: string) => `<sch:pattern>${content}</sch:pattern>`;
