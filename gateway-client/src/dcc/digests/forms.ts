import { DccError } from '../errors.js';
import { CANONICAL_FORMS, withDocument } from '../libxml/index.js';
import type { CanonicalForm, OpenDocument } from '../libxml/index.js';

/** One possible byte sequence for "the digest of a certificate". */
export interface ByteForm {
  readonly form: 'file' | CanonicalForm;
  /** `none`: the certificate has no signature, so there is nothing to keep or remove. */
  readonly signature: 'kept' | 'removed' | 'none';
  readonly bytes: Uint8Array;
}

/** All of them, the file first. A file that is not XML has only its own bytes. */
export async function byteForms(file: Uint8Array): Promise<ByteForm[]> {
  try {
    return await withDocument(file, (document) => formsOf(file, document));
  } catch (error) {
    if (error instanceof DccError) {
      return [{ form: 'file', signature: 'none', bytes: file }];
    }
    throw error;
  }
}

function formsOf(file: Uint8Array, document: OpenDocument): Promise<ByteForm[]> | ByteForm[] {
  const signatures = document.find('/*/ds:Signature');
  const signature = signatures.length > 0 ? 'kept' : 'none';
  const kept = [{ form: 'file', signature, bytes: file } as const, ...canonicalForms(document, signature)];
  if (signatures.length === 0) {
    return kept;
  }
  for (const each of signatures) {
    each.remove();
  }
  const removed = canonicalForms(document, 'removed');
  return fileWithout(file, document).then((bytes) =>
    bytes ? [...kept, { form: 'file', signature: 'removed', bytes }, ...removed] : [...kept, ...removed],
  );
}

function canonicalForms(document: OpenDocument, signature: ByteForm['signature']): ByteForm[] {
  return CANONICAL_FORMS.map((form) => ({ form, signature, bytes: document.canonical({ form }) }));
}

/**
 * The file before a signer inserted the signature, if cutting the element out of the text gives that; undefined if the rest
 * is not the same document.
 */
async function fileWithout(file: Uint8Array, unsigned: OpenDocument): Promise<Buffer | undefined> {
  const cut = cutSignature(Buffer.from(file));
  if (!cut) {
    return undefined;
  }
  const expected = unsigned.canonical({ form: 'c14n' });
  try {
    return await withDocument(cut, (left) => (left.canonical({ form: 'c14n' }).equals(expected) ? cut : undefined));
  } catch {
    return undefined;
  }
}

/** Text read as latin1 keeps byte positions, and the names searched for are ASCII. */
function cutSignature(file: Buffer): Buffer | undefined {
  const text = file.toString('latin1');
  // The first start tag and the last end tag. A wrong guess is detected when the rest is compared.
  const start = /<([A-Za-z_][\w.-]*:)?Signature(?=[\s>])/.exec(text);
  const endTag = `</${start?.[1] ?? ''}Signature>`;
  const end = text.lastIndexOf(endTag);
  return start && end > start.index
    ? Buffer.concat([file.subarray(0, start.index), file.subarray(end + endTag.length)])
    : undefined;
}
