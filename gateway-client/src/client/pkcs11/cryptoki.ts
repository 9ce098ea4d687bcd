import { createRequire } from 'node:module';
import { clientError } from '../errors.js';

export type Handle = Buffer;

export interface Attribute {
  readonly type: number;
  readonly value?: number | string | Buffer;
}

/** What is used of the package pkcs11js: it is native, so nobody who has no token needs it, and it is loaded only here. */
export interface Cryptoki {
  load(path: string): void;
  close(): void;
  C_Initialize(): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): { readonly label: string; readonly serialNumber: string };
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_Login(session: Handle, userType: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: readonly Attribute[]): void;
  C_FindObjects(session: Handle, most: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(session: Handle, object: Handle, template: readonly Attribute[]): { readonly value: Buffer }[];
  C_SignInit(session: Handle, mechanism: { readonly mechanism: number }, key: Handle): void;
  C_SignAsync(session: Handle, data: Buffer, room: Buffer): Promise<Buffer>;
}

/** Numbers of PKCS #11 v2.40. */
export const CK = {
  attribute: { class: 0x0, label: 0x3, value: 0x11, keyType: 0x100, id: 0x102, curve: 0x180, point: 0x181 },
  object: { certificate: 1, publicKey: 2, privateKey: 3 },
  keyTypeEc: 3,
  mechanismEcdsa: 0x1041,
  user: 1,
  serialSession: 4,
} as const;

interface Loaded {
  readonly cryptoki: Cryptoki;
  /** False: another part of this process has initialised the module, and still uses it. */
  readonly isOurs: boolean;
  users: number;
}

/** A module may be initialised once in a process, whoever uses it. */
const modules = new Map<string, Loaded>();

/** @throws TraceCalError `TOKEN_SUPPORT_MISSING` or `TOKEN_UNAVAILABLE` */
export function takeModule(path: string): Cryptoki {
  const there = modules.get(path);
  if (there) {
    there.users += 1;
    return there.cryptoki;
  }
  const cryptoki = newCryptoki();
  modules.set(path, { cryptoki, isOurs: initialised(cryptoki, path), users: 1 });
  return cryptoki;
}

/** @returns False if another part of this process had done so. */
function initialised(cryptoki: Cryptoki, path: string): boolean {
  const cannot = (cause: unknown) =>
    clientError('TOKEN_UNAVAILABLE', `The module ${path} cannot be loaded.`, { cause });
  try {
    cryptoki.load(path);
  } catch (cause) {
    throw cannot(cause);
  }
  try {
    cryptoki.C_Initialize();
    return true;
  } catch (cause) {
    if (returnValue(cause) === 'CKR_CRYPTOKI_ALREADY_INITIALIZED') {
      return false;
    }
    cryptoki.close();
    throw cannot(cause);
  }
}

export function releaseModule(path: string): void {
  const loaded = modules.get(path);
  if (loaded) {
    loaded.users -= 1;
  }
  if (loaded?.users === 0) {
    modules.delete(path);
    if (loaded.isOurs) {
      loaded.cryptoki.C_Finalize();
    }
    loaded.cryptoki.close();
  }
}

function newCryptoki(): Cryptoki {
  try {
    // A package that was compiled elsewhere: that of a checkout is installed without its native part.
    const where = process.env['TRACECAL_PKCS11JS'] ?? 'pkcs11js';
    const { PKCS11 } = createRequire(__filename)(where) as { readonly PKCS11: new () => Cryptoki };
    return new PKCS11();
  } catch (cause) {
    throw clientError('TOKEN_SUPPORT_MISSING', undefined, { cause });
  }
}

/** What a module answered, as PKCS #11 calls it: `CKR_PIN_INCORRECT`. Nothing else of its error is repeated. */
export function returnValue(error: unknown): string {
  return /CKR_[A-Z0-9_]+/.exec(error instanceof Error ? error.message : '')?.[0] ?? 'an unknown answer';
}
