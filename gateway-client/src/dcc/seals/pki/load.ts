import type * as Pkijs from 'pkijs';
import type * as Asn1js from 'asn1js';

/** The readers of X.509, CMS, OCSP and timestamp structures. They only parse: node:crypto checks every signature. */
export interface Pki {
  readonly pkijs: typeof Pkijs;
  readonly asn1js: typeof Asn1js;
}

let loaded: Promise<Pki> | undefined;

/** Loaded when first needed: most commands never see a seal. */
export function loadPki(): Promise<Pki> {
  loaded ??= Promise.all([import('pkijs'), import('asn1js')]).then(([pkijs, asn1js]) => ({ pkijs, asn1js }));
  return loaded;
}
