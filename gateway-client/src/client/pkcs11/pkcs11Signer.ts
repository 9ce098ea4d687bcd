import { createHash } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import { withLowS } from '@tracecal/core/signing';
import { certificateIn, readCertificateFile } from '../certificateFile.js';
import { clientError, TraceCalError } from '../errors.js';
import type { Signer } from '../signer.js';
import { pointOfKey } from '../signingKey.js';
import type { SigningKey } from '../signingKey.js';
import { CK, releaseModule, returnValue, takeModule } from './cryptoki.js';
import { attributeOf, closeQuietly, foundIn, openSession } from './token.js';
import type { Pkcs11Options } from './pkcs11Options.js';
import type { Session } from './token.js';

/**
 * A signer whose key is in a token (PKCS #11): a smart card, a security module, SoftHSM. It needs the package pkcs11js.
 *
 * @throws TraceCalError `TOKEN_SUPPORT_MISSING`, `TOKEN_KEY_INVALID`, `TOKEN_UNAVAILABLE`, `TOKEN_PIN_REFUSED`, or `SIGNER_INVALID` if key and
 * certificate do not belong together
 * @example
 * const signer = await pkcs11Signer({ module: '/usr/lib/softhsm/libsofthsm2.so', token: 'sensors', label: 'key-17', pin: process.env['TRACECAL_PIN'] ?? '' });
 */
export async function pkcs11Signer(options: Pkcs11Options): Promise<Signer & SigningKey> {
  return opened(options, async (session) => {
    const certificate = await certificateOf(session, options);
    const key = keyOf(session, options, pointOfKey(certificate.publicKey));
    return { ...key, certificate: certificate.raw.toString('base64') };
  });
}

/** As {@link pkcs11Signer}, for a key without a certificate. @throws TraceCalError as there */
export async function pkcs11Key(options: Pkcs11Options): Promise<SigningKey> {
  return opened(options, (session) => {
    const point = tokenPoint(session);
    if (point === undefined) {
      throw clientError('TOKEN_UNAVAILABLE', 'The token does not hold the public half of the key under the same id.');
    }
    return Promise.resolve(keyOf(session, options, point));
  });
}

async function opened<T>(options: Pkcs11Options, work: (session: Session) => Promise<T>): Promise<T> {
  const cryptoki = takeModule(options.module);
  let session: Session | undefined;
  try {
    session = openSession(cryptoki, options);
    return await work(session);
  } catch (error) {
    closeQuietly(cryptoki, session?.handle);
    releaseModule(options.module);
    throw error instanceof TraceCalError
      ? error
      : clientError('TOKEN_UNAVAILABLE', `It answered ${returnValue(error)}.`);
  }
}

function keyOf({ cryptoki, handle, key, name }: Session, { module }: Pkcs11Options, publicKey: Uint8Array): SigningKey {
  // A session signs one thing at a time.
  let last: Promise<unknown> = Promise.resolve();
  let isOpen = true;
  const signed = async (bytes: Uint8Array): Promise<Uint8Array> => {
    if (!isOpen) {
      throw clientError('TOKEN_UNAVAILABLE', `${name} is closed.`);
    }
    try {
      cryptoki.C_SignInit(handle, { mechanism: CK.mechanismEcdsa }, key);
      const digest = createHash('sha256').update(bytes).digest();
      const signature = await cryptoki.C_SignAsync(handle, digest, Buffer.alloc(SIGNATURE_ROOM));
      return signature.length === SIGNATURE_BYTES ? withLowS(signature) : signature;
    } catch (error) {
      throw clientError('TOKEN_UNAVAILABLE', `${name} did not sign: it answered ${returnValue(error)}.`);
    }
  };
  return {
    publicKey,
    sign(bytes) {
      const next = last.then(() => signed(bytes));
      last = next.catch(() => undefined);
      return next;
    },
    async close() {
      await last;
      if (isOpen) {
        isOpen = false;
        try {
          cryptoki.C_CloseSession(handle);
        } finally {
          releaseModule(module);
        }
      }
    },
  };
}

const SIGNATURE_BYTES = 64;
const SIGNATURE_ROOM = 256;

/** The public half of the key; undefined: the token does not hold it. */
function tokenPoint(session: Session): Uint8Array | undefined {
  const [half] = foundIn(session, [
    { type: CK.attribute.class, value: CK.object.publicKey },
    { type: CK.attribute.id, value: session.id },
  ]);
  const point = half && attributeOf(session, half, CK.attribute.point);
  // An OCTET STRING by the standard; some tokens answer with the point itself.
  const bare = point?.length === 67 && point[0] === 4 && point[1] === 65 ? point.subarray(2) : point;
  return bare?.length === 65 && bare[0] === 4 ? Uint8Array.from(bare) : undefined;
}

async function certificateOf(session: Session, { certificate: path }: Pkcs11Options): Promise<X509Certificate> {
  const where = path ?? 'What the token holds as certificate under the same id';
  const certificate =
    path === undefined
      ? certificateIn(certificateInToken(session) ?? Buffer.alloc(0), where)
      : await readCertificateFile(path);
  const point = tokenPoint(session);
  if (certificate.publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw clientError('SIGNER_INVALID', `${where} is of another kind of key.`);
  }
  if (point && Buffer.compare(point, pointOfKey(certificate.publicKey)) !== 0) {
    throw clientError('SIGNER_INVALID', `${session.name} is not the key of its certificate.`);
  }
  return certificate;
}

function certificateInToken(session: Session): Buffer | undefined {
  const [object] = foundIn(session, [
    { type: CK.attribute.class, value: CK.object.certificate },
    { type: CK.attribute.id, value: session.id },
  ]);
  return object && attributeOf(session, object, CK.attribute.value);
}
