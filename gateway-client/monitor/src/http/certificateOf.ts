import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/**
 * The fingerprint of the client certificate of a connection: SHA-256 in hexadecimal digits. The handshake has proved its key; who issued it
 * does not matter, since fingerprints are pinned.
 *
 * @param now - Milliseconds since 1970.
 * @returns undefined without a certificate, or outside of its validity.
 */
export function certificateOf(socket: Socket, now: number): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const {
    fingerprint256,
    valid_from: from,
    valid_to: to,
  } = socket.getPeerCertificate() as Partial<ReturnType<TLSSocket['getPeerCertificate']>>;
  if (fingerprint256 === undefined || from === undefined || to === undefined) return undefined;
  const isValid = Date.parse(from) <= now && now <= Date.parse(to);
  return isValid ? fingerprint256.replaceAll(':', '').toLowerCase() : undefined;
}
