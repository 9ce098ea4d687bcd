import { printable } from '@tracecal/core/model';

/**
 * Every reason to refuse a certificate file, with the sentence that explains it. Codes are API: they never change meaning. A
 * `detail` (which element, which value, where) follows the sentence.
 */
export const DCC_ERRORS = {
  FILE_UNREADABLE: 'The file cannot be read.',
  XML_TOO_LARGE: 'The file is larger than a certificate may be: embed smaller attachments.',
  XML_TOO_DEEP: 'The elements are nested deeper than in any certificate.',
  XML_TOO_MANY: 'The file holds more elements, attributes or values than any certificate needs.',
  XML_ENCODING: 'The text is not in the encoding accepted here: save the file as UTF-8.',
  XML_DOCTYPE: 'The file declares a document type, which certificates do not need and attacks use: remove the DOCTYPE.',
  XML_NOT_WELL_FORMED: 'The file is not well-formed XML: ask the issuer for an undamaged copy.',
  DCC_NOT_A_CERTIFICATE: 'The root element is not a PTB digital calibration certificate.',
  DCC_UNSUPPORTED_VERSION: 'The schema version is not one of 2.2 to 3.3.',
  DCC_MISSING: 'The certificate lacks something that it must state.',
  DCC_VALUE: 'The certificate states something in a form that cannot be read.',
  SCHEMA_UNUSABLE:
    'The schemas cannot be used: name a folder with schemas of certificates, and everything that they import.',
  SCHEMA_MISSING: 'There is no schema for this version of the certificate: add it to the folder.',
  SCHEMATRON_UNUSABLE: 'The Schematron file cannot be used.',
  ANCHOR_INVALID: 'A file of trust anchors holds no certificate: give certificates in PEM.',
  STORE_NOT_FOUND: 'The content store holds no file with this digest.',
  STORE_DAMAGED: 'A stored file no longer has the digest under which it was stored: restore it from a copy.',
  STORE_UNUSABLE: 'The content store cannot be read or written: check its folder and the permissions.',
  MAPPING_INVALID: 'The mapping file is not accepted: `tracecal dcc import --help` shows one.',
  PAPER_INVALID: 'The description of a certificate on paper is not accepted: `tracecal dcc import --help` shows one.',
} as const;

export type DccErrorCode = keyof typeof DCC_ERRORS;

/** A refusal with a stable code; the message is one line that names the fault and its place. */
export class DccError extends Error {
  override readonly name = 'DccError';
  readonly code: DccErrorCode;

  /** @param detail - The specific fault, after the general sentence; for a file, the system's own reason takes its place. */
  constructor(code: DccErrorCode, detail?: string, options?: ErrorOptions) {
    const said = detail === undefined ? [] : [printable(detail)];
    super((code === 'FILE_UNREADABLE' && detail !== undefined ? said : [DCC_ERRORS[code], ...said]).join(' '), options);
    this.code = code;
  }
}

const MAX_QUOTED = 80;

/** Text of a file within a sentence: a hostile text may have any length. */
export function quoted(text: string): string {
  return `"${printable(text, MAX_QUOTED)}"`;
}
