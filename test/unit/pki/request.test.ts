import assert from 'node:assert/strict';
import { createRequest, generateKeyPair, readRequest, signerOf } from '@tracecal/pki';

// Made by `openssl req -new`, with a P-256 key, -sha256 and -subj '/O=lab-alpha/CN=lab-alpha\/t-1' unless the name says otherwise.
const OF_OPENSSL = `-----BEGIN CERTIFICATE REQUEST-----
MIHnMIGOAgEAMCwxEjAQBgNVBAoMCWxhYi1hbHBoYTEWMBQGA1UEAwwNbGFiLWFs
cGhhL3QtMTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDIXybCNzn3J9vWb8+tA
1wI5YZcerY/rxCUigE1QjdpiSohKZ9v3EfUwXrswH9GOuhRK2MYPGl/t6AW6slUC
js6gADAKBggqhkjOPQQDAgNIADBFAiAOwfNDQ7fwY1xqxmwvuyD5QMsSShorKhWi
PiucrUWMWwIhAOpSMCuKoxGFXawry2mGU+5tYlwrZJclDobBHXYe3ceb
-----END CERTIFICATE REQUEST-----
`;
const OTHER_NAMES = `-----BEGIN CERTIFICATE REQUEST-----
MIHTMHoCAQAwGDEWMBQGA1UEAwwNbGFiLWFscGhhL3QtMTBZMBMGByqGSM49AgEG
CCqGSM49AwEHA0IABDIXybCNzn3J9vWb8+tA1wI5YZcerY/rxCUigE1QjdpiSohK
Z9v3EfUwXrswH9GOuhRK2MYPGl/t6AW6slUCjs6gADAKBggqhkjOPQQDAgNJADBG
AiEAlX/ewm52H6oN170E0bcFW9dJAkB+XkSTGs71VepODJkCIQCeO4hhpp9MCzvA
fsZGclnbBkHt69JLm4cTyrlXLQhyFw==
-----END CERTIFICATE REQUEST-----
`;
const SHA_384 = `-----BEGIN CERTIFICATE REQUEST-----
MIHoMIGOAgEAMCwxEjAQBgNVBAoMCWxhYi1hbHBoYTEWMBQGA1UEAwwNbGFiLWFs
cGhhL3QtMTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDIXybCNzn3J9vWb8+tA
1wI5YZcerY/rxCUigE1QjdpiSohKZ9v3EfUwXrswH9GOuhRK2MYPGl/t6AW6slUC
js6gADAKBggqhkjOPQQDAwNJADBGAiEAgd9cV5HHKh+CQvVKZks7OpmWNWHH1Atj
I5UeOhrSNWICIQCD5oCPAT1r9Det1hBS/TZCFMSHhRJzPVYh3BobVaTs4w==
-----END CERTIFICATE REQUEST-----
`;
const OTHER_CURVE = `-----BEGIN CERTIFICATE REQUEST-----
MIIBJDCBqwIBADAsMRIwEAYDVQQKDAlsYWItYWxwaGExFjAUBgNVBAMMDWxhYi1h
bHBoYS90LTEwdjAQBgcqhkjOPQIBBgUrgQQAIgNiAATA7T/oM1c0LFDJEGk0M0r+
7ZNN1YVYspYYVQYH1B6loaSt5vyrcL4Poa61+GITRIB+FIpHBvAz2C7hh+T2hueL
t3KcDMISlYso7sDWP3lb8DZt49kCgj4oNRuOdIcQuvugADAKBggqhkjOPQQDAgNo
ADBlAjBFMo1iwFerD0aBDW0WCOBNjTVuPCZr3uHPZ33obQfSjDsbfMvxzZFN4EGe
Xhuz0BQCMQCZX1u7NcEDgmJ7/llLfwJ/u+Bxo1xjbBeJwdFZODrukGuhwZKImzUx
ugUB2ad1ZPc=
-----END CERTIFICATE REQUEST-----
`;
const RSA = `-----BEGIN CERTIFICATE REQUEST-----
MIICcTCCAVkCAQAwLDESMBAGA1UECgwJbGFiLWFscGhhMRYwFAYDVQQDDA1sYWIt
YWxwaGEvdC0xMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwbU57asK
m5UjoWzwWA1D8HE1EyOHmWMt1qJXihLWqG/nR370AI2dAJITNivamoTK7Qyg4pe0
jv4Pm20wdtvgvmIeUT8B/dnZZNhgjpVSv5cF+HTpnCUJvrzoPmGxWgyDbVfxXwKu
GWcHIswcibT0nXFPFURy/Fr5N10C908YvCHK3ZRIIoIhveIX7ENL1P310KtuBdYi
060m33fXD+tRCyy/CwUYP6JcxdOtwnNJQ7MJwuRQ3lOz90kGytejuMff297AeYx9
1vfXA706gpgqmEdtP7meUHTnA2ZHDUZkiQqw7FP3LsfVq6e0QTr+7SDCHwzCFKYv
adR22WM++KTEkQIDAQABoAAwDQYJKoZIhvcNAQELBQADggEBAF0O+jXZkPNZwOIJ
hKhy3GDdquucseEs9vO6t1QAH2QWnk/BeUovDGC12vpRtSCuhu4z3YCg/mvYkjPh
Uqc4cwp8G6w+CW+8qDlhn9UxaWq1ut7XNdGHrRGCilSuy8Vw0172VOwjkfTPykQ2
liwpTeuY7DoPKgnMN3xHkc2wihGzVr3+hDtRbLQPlBtVB0UEmwKZUnjxF8BN15F3
s4kmc0c2Sgr+SUFWz59YoUMcLzt03S+RgVrOCPxFM/UPhIYbu6RCOOY2nGHMOQUy
awUWHlUWvC7VXG4osuwW+nRwD3tQxz8LlIElSg4uMHsPQpC9vwna7AyJAzWd78wY
8WBJ7EQ=
-----END CERTIFICATE REQUEST-----
`;

async function requestOf(id: string, organisation: string): Promise<string> {
  const { publicKey, privateKey } = generateKeyPair();
  return createRequest({ id, organisation, publicKey }, signerOf(privateKey));
}

describe('A certification request', () => {
  it('says who asks for which key, and is signed with that key', async () => {
    const { publicKey, privateKey } = generateKeyPair();
    const pem = await createRequest({ id: 'lab/t-1', organisation: 'lab', publicKey }, signerOf(privateKey));
    const read = readRequest(pem);
    assert.deepEqual([read.id, read.organisation], ['lab/t-1', 'lab']);
    assert.ok(read.publicKey.equals(publicKey));
    assert.match(pem, /^-----BEGIN CERTIFICATE REQUEST-----\n/);
  });

  it('made by another tool is read as well', () => {
    const { id, organisation } = readRequest(OF_OPENSSL);
    assert.deepEqual([id, organisation], ['lab-alpha/t-1', 'lab-alpha']);
  });

  it('is refused where it is signed with another key: nobody gets a certificate for a key that they do not have', async () => {
    const [own, other] = [generateKeyPair(), generateKeyPair()];
    const pem = await createRequest(
      { id: 'lab', organisation: 'lab', publicKey: own.publicKey },
      signerOf(other.privateKey),
    );
    assert.throws(() => readRequest(pem), { code: 'REQUEST_INVALID', message: /not signed with its own key/ });
  });

  it('is refused where a byte of it was changed', async () => {
    const pem = await requestOf('lab/t-1', 'lab');
    const der = Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64');
    const place = der.indexOf('lab/t-1') + 6;
    der[place] = '2'.charCodeAt(0);
    const changed = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    assert.throws(() => readRequest(changed), { code: 'REQUEST_INVALID' });
  });

  for (const [what, pem, code] of [
    ['nothing', '', 'REQUEST_INVALID'],
    ['no PEM', 'lab-alpha', 'REQUEST_INVALID'],
    [
      'PEM of no DER',
      '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n',
      'REQUEST_INVALID',
    ],
    ['a subject of other names', OTHER_NAMES, 'REQUEST_INVALID'],
    ['a signature over SHA-384', SHA_384, 'REQUEST_INVALID'],
    ['a key of another curve', OTHER_CURVE, 'KEY_UNSUPPORTED'],
    ['an RSA key', RSA, 'KEY_UNSUPPORTED'],
  ] as const) {
    it(`is refused if it is ${what}`, () => {
      assert.throws(() => readRequest(pem), { name: 'PkiError', code });
    });
  }
});
