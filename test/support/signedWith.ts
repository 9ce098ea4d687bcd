import type { Jws } from '@tracecal/core/model';
import { jwsPayload, jwsSignature, signingInput } from '@tracecal/core/signing';
import { signP256 } from '@tracecal/core/signing/node';
import type { KeyHolder } from './calibrationKeys.js';

/** Signed with just these keys, whoever's they are now. */
export function signedWith(statement: unknown, keys: Readonly<Record<string, KeyHolder>>): Jws {
  const payload = jwsPayload(statement);
  const signatures = Object.entries(keys).map(([name, { privateKey }]) =>
    jwsSignature(name, signP256(privateKey, signingInput(name, payload))),
  );
  return { payload, signatures };
}
