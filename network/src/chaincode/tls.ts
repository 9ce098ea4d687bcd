import { Authority, generateKeyPair, privateKeyPem, signerOf, validFor } from '@tracecal/pki';

const CERTIFICATE_DAYS = 1825;

/** A certificate and its key, PEM. */
export interface Holder {
  readonly certificate: string;
  readonly privateKey: string;
}

/** TLS material by which a chaincode service and the peers of its member authenticate each other. */
export interface ChaincodeTls {
  /** The certificate of the authority that both sides trust, PEM. */
  readonly ca: string;
  readonly server: Holder;
  readonly client: Holder;
}

/** Makes an authority for this one service and discards its key at once, so that nobody can add a server or a client later. */
export async function makeChaincodeTls(name: string, hosts: readonly string[]): Promise<ChaincodeTls> {
  const caKey = generateKeyPair();
  const subject = { organisation: name, country: 'ZZ', validity: validFor(CERTIFICATE_DAYS) };
  const root = { ...subject, commonName: `tlsca.chaincode.${name}`, publicKey: caKey.publicKey };
  const authority = await Authority.createRoot(root, signerOf(caKey.privateKey));
  const issue = async (commonName: string, holderHosts: readonly string[]): Promise<Holder> => {
    const { publicKey, privateKey } = generateKeyPair();
    const certificate = await authority.issueTls({ ...subject, commonName, publicKey, hosts: holderHosts });
    return { certificate, privateKey: privateKeyPem(privateKey) };
  };
  return {
    ca: authority.certificate,
    server: await issue(`chaincode.${name}`, hosts),
    client: await issue(`peer.chaincode.${name}`, []),
  };
}
