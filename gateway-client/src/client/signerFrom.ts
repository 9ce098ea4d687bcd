import { clientError } from './errors.js';
import { fileSigner } from './fileSigner.js';
import { fileKey } from './signingKey.js';
import type { SigningKey } from './signingKey.js';
import { isTokenName, pkcs11Key, pkcs11Signer, tokenOptions } from './pkcs11/index.js';
import type { Signer } from './signer.js';

/** A signer that may hold a token open. */
export interface OpenSigner extends Signer {
  close(): Promise<void>;
}

export interface NamedSigner {
  /** PEM file of the certificate. Default: for a key in `NAME.key.pem` the file `NAME.cert.pem`; for a token the one in it. */
  readonly certificate?: string | undefined;
  /** Where `TRACECAL_PIN` and `TRACECAL_PKCS11_MODULE` may stand. */
  readonly environment?: NodeJS.ProcessEnv;
}

const KEY_ENDING = '.key.pem';

/**
 * The signer that an option such as `--key` names: a PEM file, or a key in a token (`pkcs11:token=gate;object=sensor-17?module-path=...`).
 *
 * @throws TraceCalError `KEY_EXPOSED`, `KEY_INVALID`, `SIGNER_INVALID`, `TOKEN_SUPPORT_MISSING`, `TOKEN_KEY_INVALID`, `TOKEN_UNAVAILABLE`,
 * `TOKEN_PIN_REFUSED`
 * @example
 * const signer = await signerFrom('sensor-17.key.pem');
 * console.log(nameOfSigner(signer));
 * await signer.close();
 */
export async function signerFrom(name: string, options: NamedSigner = {}): Promise<OpenSigner> {
  const { certificate, environment = process.env } = options;
  if (isTokenName(name)) {
    return pkcs11Signer({
      ...(await tokenOptions(name, environment)),
      ...(certificate !== undefined && { certificate }),
    });
  }
  const beside = name.endsWith(KEY_ENDING) ? `${name.slice(0, -KEY_ENDING.length)}.cert.pem` : undefined;
  const file = certificate ?? beside;
  if (file === undefined) {
    throw clientError('SIGNER_INVALID', `${name} has no certificate beside it: name its certificate, too.`);
  }
  return { ...(await fileSigner({ key: name, certificate: file })), close: () => Promise.resolve() };
}

/** The key that an option such as `--key` names, where no certificate is needed. @throws TraceCalError as {@link signerFrom} */
export async function signingKeyFrom(
  name: string,
  { environment = process.env }: Pick<NamedSigner, 'environment'> = {},
): Promise<SigningKey> {
  return isTokenName(name) ? pkcs11Key(await tokenOptions(name, environment)) : fileKey(name);
}
