import { createHash, timingSafeEqual } from 'node:crypto';
import { byteForms } from './forms.js';
import type { ByteForm } from './forms.js';
import { readProcedure } from './procedure.js';
import type { DigestAlgorithm } from './procedure.js';

/** A certificate's statement about the file of another certificate. */
export interface StatedDigest {
  /** `SHA-512`, if it is stated separately from the procedure. */
  readonly algorithm?: string | null;
  /** `dcc:procedure`: names the algorithm, the bytes, both, or that the other one is on paper. */
  readonly procedure?: string | null;
  /** Hex or base64. */
  readonly value: string | null;
}

/** Whether a file is the referenced one. `detail` is for people. */
export type DigestMatch =
  | {
      readonly kind: 'match';
      readonly algorithm: DigestAlgorithm;
      readonly form: ByteForm['form'];
      readonly signature: ByteForm['signature'];
      readonly detail: string;
    }
  | { readonly kind: 'mismatch'; readonly algorithm: DigestAlgorithm; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string }
  | { readonly kind: 'analogue'; readonly detail: string };

/**
 * Compares a file with a stated digest. Certificates rarely say which bytes they mean: the file, c14n, c14n 1.1 and
 * exc-c14n, each with and without the signature, are all tried, and the one that matches is named.
 *
 * @example
 * await matchDigest(parentFile, { procedure: 'SHA256', value: '9f86d0…' }); // { kind: 'match', form: 'file', … }
 */
export async function matchDigest(file: Uint8Array, stated: StatedDigest): Promise<DigestMatch> {
  const procedure = readProcedure([stated.algorithm, stated.procedure].filter(Boolean).join(' '));
  switch (procedure.kind) {
    case 'analogue':
      return { kind: 'analogue', detail: 'The certificate is on paper: there is no file to compare.' };
    case 'unknown':
      return { kind: 'unknown', detail: `The digest cannot be compared: ${procedure.reason}.` };
    case 'digest':
      return compare(file, procedure.algorithm, stated.value ?? '', procedure.isUnderstood);
  }
}

async function compare(
  file: Uint8Array,
  algorithm: DigestAlgorithm,
  value: string,
  isUnderstood: boolean,
): Promise<DigestMatch> {
  const wanted = decode(value, algorithm);
  const forms = wanted ? await byteForms(file) : [];
  for (const { form, signature, bytes } of forms) {
    if (wanted && timingSafeEqual(createHash(algorithm).update(bytes).digest(), wanted)) {
      return { kind: 'match', algorithm, form, signature, detail: describeMatch(algorithm, form, signature) };
    }
  }
  if (wanted && !isUnderstood) {
    return { kind: 'unknown', detail: `No ${nameOf(algorithm)} matches, and the procedure is not understood here.` };
  }
  const detail = wanted
    ? `The file is another one: its ${nameOf(algorithm)} differs, in every form that was tried (${forms.length}).`
    : `The stated value is no ${nameOf(algorithm)}: it is not ${lengthOf(algorithm)} bytes in hex or base64.`;
  return { kind: 'mismatch', algorithm, detail };
}

function describeMatch(algorithm: DigestAlgorithm, form: ByteForm['form'], signature: ByteForm['signature']): string {
  const bytes = form === 'file' ? 'the file' : `the certificate in the form ${form}`;
  const part = { kept: ' with its signature', removed: ' without its signature', none: '' }[signature];
  return `${nameOf(algorithm)} of ${bytes}${part}.`;
}

function nameOf(algorithm: DigestAlgorithm): string {
  return `SHA-${algorithm.slice(3)}`;
}

function lengthOf(algorithm: DigestAlgorithm): number {
  return Number(algorithm.slice(3)) / 8;
}

function decode(value: string, algorithm: DigestAlgorithm): Buffer | undefined {
  const text = value.replaceAll(/[\s:]+/g, '');
  const length = lengthOf(algorithm);
  if (/^[0-9a-f]*$/i.test(text) && text.length === length * 2) {
    return Buffer.from(text, 'hex');
  }
  const bytes = Buffer.from(text, 'base64');
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) && bytes.length === length ? bytes : undefined;
}
