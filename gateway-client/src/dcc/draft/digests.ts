import type { CertificateReference } from '../equipment.js';

/** The digest of a parent certificate, if its child states one that can be computed. */
export interface ParentDigest {
  readonly algorithm: 'SHA-256' | 'SHA-384' | 'SHA-512';
  /** The bytes it covers; null if the procedure does not state them: then any of the forms may be meant. */
  readonly of: 'file' | 'c14n' | 'c14n11' | 'exc-c14n' | null;
  /** Lower-case hex; null if the stated value is not such a digest. */
  readonly value: string | null;
  /** As written. */
  readonly procedure: string;
  readonly written: string;
}

const LENGTHS = { 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 } as const;

/** Null if the certificate states no digest, or names an unknown procedure; then `procedure` is shown. */
export function digestOf({ procedure, value }: CertificateReference): ParentDigest | null {
  const [, bits] = /sha-?_?(?:2-)?(256|384|512)/i.exec(procedure ?? '') ?? [];
  if (procedure === null || value === null || bits === undefined) {
    return null;
  }
  const algorithm = `SHA-${bits}` as ParentDigest['algorithm'];
  return {
    algorithm,
    of: bytesOf(procedure),
    value: hexOf(value.replaceAll(/\s+/g, ''), LENGTHS[algorithm]),
    procedure,
    written: value,
  };
}

function bytesOf(procedure: string): ParentDigest['of'] {
  if (/exc/i.test(procedure) && /c14n|canonical/i.test(procedure)) {
    return 'exc-c14n';
  }
  if (/c14n[- ]?1\.?1|canonical[^,;]*1\.1/i.test(procedure)) {
    return 'c14n11';
  }
  if (/c14n|canonical/i.test(procedure)) {
    return 'c14n';
  }
  return /file|datei/i.test(procedure) ? 'file' : null;
}

/** Hex or base64 of exactly this many bytes. */
function hexOf(written: string, length: number): string | null {
  if (/^[0-9a-f]+$/i.test(written) && written.length === 2 * length) {
    return written.toLowerCase();
  }
  const bytes = /^[A-Za-z0-9+/]+=*$/.test(written) ? Buffer.from(written, 'base64') : Buffer.alloc(0);
  return bytes.length === length && bytes.toString('base64') === written ? bytes.toString('hex') : null;
}
