import { clientError } from '../errors.js';
import { CK, returnValue } from './cryptoki.js';
import type { Attribute, Cryptoki, Handle } from './cryptoki.js';
import type { Pkcs11Options } from './pkcs11Options.js';

/** An open session, and the key in it. */
export interface Session {
  readonly cryptoki: Cryptoki;
  readonly handle: Handle;
  readonly key: Handle;
  /** CKA_ID of the key: its public half and its certificate have the same. */
  readonly id: Buffer;
  /** For sentences. */
  readonly name: string;
}

/** P-256 as the parameters of a key: its object identifier. */
const P256 = Buffer.from('06082a8648ce3d030107', 'hex');

/** @throws TraceCalError `TOKEN_KEY_INVALID`, `TOKEN_UNAVAILABLE`, `TOKEN_PIN_REFUSED` */
export function openSession(cryptoki: Cryptoki, options: Pkcs11Options): Session {
  const slot = slotOf(cryptoki, options);
  const handle = cryptoki.C_OpenSession(slot, CK.serialSession);
  try {
    logIn(cryptoki, handle, options.pin);
    return keyIn(cryptoki, handle, options);
  } catch (error) {
    closeQuietly(cryptoki, handle);
    throw error;
  }
}

/** After a failure, which is to be told: a token that was removed cannot be closed either. */
export function closeQuietly(cryptoki: Cryptoki, handle: Handle | undefined): void {
  try {
    if (handle) {
      cryptoki.C_CloseSession(handle);
    }
  } catch {
    // The session ended with the token.
  }
}

function slotOf(cryptoki: Cryptoki, { token, serial, slot }: Pkcs11Options): Handle {
  if (token === undefined && serial === undefined && slot === undefined) {
    throw clientError('TOKEN_KEY_INVALID', 'It names no token: add token, serial or slot-id.');
  }
  const found = cryptoki.C_GetSlotList(true).filter((each) => {
    const { label, serialNumber } = cryptoki.C_GetTokenInfo(each);
    return (
      (token === undefined || label.trimEnd() === token) &&
      (serial === undefined || serialNumber.trimEnd() === serial) &&
      (slot === undefined || numberOf(each) === slot)
    );
  });
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) {
    throw clientError('TOKEN_UNAVAILABLE', `${found.length === 0 ? 'No token' : 'More than one token'} has this name.`);
  }
  return only;
}

/** CK_ULONG, in the machine's order; all that Node runs on with tokens have the lowest byte first. */
function numberOf(handle: Handle): number {
  return handle.readUIntLE(0, Math.min(handle.length, 6));
}

function logIn(cryptoki: Cryptoki, handle: Handle, pin: string): void {
  try {
    cryptoki.C_Login(handle, CK.user, pin);
  } catch (error) {
    const answer = returnValue(error);
    // A process logs in once to a token, whatever number of its keys it uses.
    if (answer !== 'CKR_USER_ALREADY_LOGGED_IN') {
      // The cause is omitted on purpose: it comes from a call that had the PIN.
      throw clientError('TOKEN_PIN_REFUSED', `It answered ${answer}.`);
    }
  }
}

function keyIn(cryptoki: Cryptoki, handle: Handle, { label, id }: Pkcs11Options): Session {
  if (label === undefined && id === undefined) {
    throw clientError('TOKEN_KEY_INVALID', 'It names no key: add object or id.');
  }
  const name = label ?? `The key ${Buffer.from(id ?? []).toString('hex')}`;
  const [key, ...others] = foundIn({ cryptoki, handle }, [
    { type: CK.attribute.class, value: CK.object.privateKey },
    { type: CK.attribute.keyType, value: CK.keyTypeEc },
    ...(label === undefined ? [] : [{ type: CK.attribute.label, value: label }]),
    ...(id === undefined ? [] : [{ type: CK.attribute.id, value: Buffer.from(id) }]),
  ]);
  if (key === undefined || others.length > 0) {
    const count = key === undefined ? 'no' : 'more than one';
    throw clientError(
      'TOKEN_UNAVAILABLE',
      `The token has ${count} private key of an elliptic curve that is named ${name}.`,
    );
  }
  const session = { cryptoki, handle, key, name };
  if (!attributeOf(session, key, CK.attribute.curve).equals(P256)) {
    throw clientError('TOKEN_UNAVAILABLE', `${name} is not a key of P-256.`);
  }
  return { ...session, id: attributeOf(session, key, CK.attribute.id) };
}

type Where = Pick<Session, 'cryptoki' | 'handle'>;

/** Up to two: whether there is one, several or none. */
export function foundIn({ cryptoki, handle }: Where, template: readonly Attribute[]): readonly Handle[] {
  cryptoki.C_FindObjectsInit(handle, template);
  try {
    return cryptoki.C_FindObjects(handle, 2);
  } finally {
    cryptoki.C_FindObjectsFinal(handle);
  }
}

export function attributeOf({ cryptoki, handle }: Where, object: Handle, type: number): Buffer {
  return cryptoki.C_GetAttributeValue(handle, object, [{ type }])[0]?.value ?? Buffer.alloc(0);
}
