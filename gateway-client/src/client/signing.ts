import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClientIdentity } from './clientIdentity.js';
import type { Deadline } from './deadline.js';
import { clientError } from './errors.js';

/** When the call must end for which a signature is made: the gateway's library does not tell a signer. */
const deadlineOfCall = new AsyncLocalStorage<Deadline>();

/** Makes a call whose signatures must come before its deadline. */
export function withinCall<T>(deadline: Deadline, call: () => Promise<T>): Promise<T> {
  return deadlineOfCall.run(deadline, call);
}

/**
 * Signs with a key that may be in a token or in a service: it can fail, hang or answer nothing. None of this is the network's
 * fault, and none of it may keep a call from ending in its time.
 *
 * @throws TraceCalError `IDENTITY_INVALID`
 */
export function guardedSign(sign: ClientIdentity['sign']): ClientIdentity['sign'] {
  return async (message) => {
    const signature = await inTime(sign, message).catch((cause: unknown) => {
      throw clientError(
        'IDENTITY_INVALID',
        `Its key did not sign: ${cause instanceof Error ? cause.message : String(cause)}`,
        {
          cause,
        },
      );
    });
    // Programs in JavaScript have no compiler that says what a signer must answer.
    if (!((signature as unknown) instanceof Uint8Array) || signature.length === 0) {
      throw clientError('IDENTITY_INVALID', 'Its key did not sign: no bytes were returned.');
    }
    return signature;
  };
}

async function inTime(sign: ClientIdentity['sign'], message: Uint8Array): Promise<Uint8Array> {
  const deadline = deadlineOfCall.getStore();
  if (deadline === undefined) {
    return sign(message);
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('it gave no answer within the time of the call.'));
    }, deadline.leftMs);
  });
  try {
    return await Promise.race([sign(message), late]);
  } finally {
    clearTimeout(timer);
  }
}
