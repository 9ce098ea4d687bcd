import { createHash } from 'node:crypto';
import { AdminError } from './errors.js';
import { deterministicTarGz } from './tar.js';

/** Where a chaincode service listens and how a peer authenticates itself to it. */
export interface ChaincodeService {
  /** `127.0.0.1:9999`, as seen from the peer. */
  readonly address: string;
  /** SHA-256 of the served code, if known: different code gives a different package. */
  readonly codeDigest?: string;
  /** If absent, the peer uses plaintext: only for a network that nobody else shares. */
  readonly tls?: {
    /** The certificate authorities of the service, PEM. */
    readonly rootCertificate: string;
    /** The peer's client certificate for the service, PEM; with it the service can refuse all other clients. */
    readonly client?: { readonly certificate: string; readonly privateKey: string };
  };
}

/** A package that a peer installs, and the id it will have there. */
export interface ChaincodePackage {
  /** `label:sha256`, also the name under which the service registers. */
  readonly id: string;
  readonly label: string;
  readonly bytes: Buffer;
}

const LABEL = /^[A-Za-z0-9][A-Za-z0-9_.+-]*$/;

/**
 * Packages a chaincode service for installation: the same label and service give the same bytes and so the same id.
 *
 * @param label Fabric's own alphabet: letters and digits, then also `_`, `.`, `+` and `-`.
 * @throws AdminError `BAD_INPUT`
 */
export function packageService(label: string, service: ChaincodeService): ChaincodePackage {
  if (!LABEL.test(label)) {
    throw new AdminError('BAD_INPUT', `${JSON.stringify(label)} is no chaincode label: use letters, digits, _ . + -.`);
  }
  const { codeDigest } = service;
  const code = deterministicTarGz([
    { name: 'connection.json', content: json(connection(service)) },
    // Builders use only the file above.
    ...(codeDigest === undefined ? [] : [{ name: 'code.json', content: json({ sha256: codeDigest }) }]),
  ]);
  const bytes = deterministicTarGz([
    { name: 'metadata.json', content: json({ path: '', type: 'ccaas', label }) },
    { name: 'code.tar.gz', content: code },
  ]);
  return { id: `${label}:${createHash('sha256').update(bytes).digest('hex')}`, label, bytes };
}

function connection({ address, tls }: ChaincodeService): object {
  const plain = { address, dial_timeout: '10s', tls_required: tls !== undefined };
  if (tls === undefined) return plain;
  return {
    ...plain,
    root_cert: tls.rootCertificate,
    client_auth_required: tls.client !== undefined,
    ...(tls.client && { client_cert: tls.client.certificate, client_key: tls.client.privateKey }),
  };
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
