const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g;

/** The DER of every PEM block with this label, in order: `CERTIFICATE`, `X509 CRL`. */
export function pemBlocks(text: string, label: string): Buffer[] {
  return [...text.matchAll(BLOCK)].flatMap(([, found, body = '']) =>
    found === label ? [Buffer.from(body, 'base64')] : [],
  );
}
