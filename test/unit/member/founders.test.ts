import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Authority, generateKeyPair, readPrivateKey, signerOf, validFor } from '@tracecal/pki';
import { assembleFounding, MemberError, type GivenFile, type MemberFile, type OwnPart } from '@tracecal/network/member';
import { memberTree, ordererTree } from '@tracecal/network/pki';
import { withMembership } from '@tracecal/network/topology';
import { ceremonyOf, contentOf, signedBy, type Ceremony } from '../../support/ceremony.js';
import { scenarioConsortium } from '../../support/scenarioConsortium.js';

/** What an insider's file says: alpha's, changed and signed again with alpha's own key. */
type Change = (content: MemberFile) => object;

describe('Members that assemble a consortium refuse', () => {
  let ceremony: Ceremony;
  let [alpha, beta]: readonly OwnPart[] = [];

  before(async () => {
    ceremony = await ceremonyOf(scenarioConsortium(), 'refusals');
    [alpha, beta] = ceremony.owns;
  });

  after(() => rmSync(ceremony.root, { recursive: true, force: true }));

  function refused(
    files: readonly GivenFile[],
    code: string,
    sentence: RegExp,
    own: OwnPart = beta!,
    now?: Date,
  ): void {
    assert.throws(
      () => assembleFounding(own, files, now),
      (error) => {
        assert.ok(error instanceof MemberError, String(error));
        assert.equal(error.code, code, error.message);
        assert.match(error.message, sentence);
        return true;
      },
    );
    assert.equal(existsSync(own.directory.genesisDir), false, 'nothing is written');
  }

  function others(): readonly GivenFile[] {
    return ceremony.files.slice(1);
  }

  function withAlpha(change: Change): readonly GivenFile[] {
    return [signedBy(alpha!, change(contentOf(ceremony.files[0]!))), ...others()];
  }

  const base64 = (pem: string): string => pem.replaceAll(/-----[^-]+-----|\s/g, '');
  const certificateOf = (own: OwnPart, kind: 'ca' | 'tlsca'): string =>
    base64(
      readFileSync(
        memberTree(own.directory.cryptoDir, own.member)[kind === 'ca' ? 'caCertificate' : 'tlsCaCertificate'],
        'utf8',
      ),
    );

  function authorityOf(own: OwnPart, kind: 'ca' | 'tlsca', which: 'member' | 'orderer' = 'member'): Authority {
    const { cryptoDir } = own.directory;
    const tree = which === 'member' ? memberTree(cryptoDir, own.member) : ordererTree(cryptoDir, own.orderer!);
    const file = kind === 'ca' ? tree.caCertificate : tree.tlsCaCertificate;
    const key = readPrivateKey(readFileSync(join(tree[kind], 'priv_sk'), 'utf8'));
    return new Authority(readFileSync(file, 'utf8'), signerOf(key));
  }

  const base = { organisation: 'alpha.example', country: 'ZZ', validity: validFor(10) };

  it('the file of a member that is missing, and name the member', () => {
    refused(others(), 'MEMBER_MISSING', /^The file of alpha is missing: ask alpha/);
  });

  it('a description with the orderer of somebody who is no member', () => {
    const former = withMembership(scenarioConsortium(), { leave: 'gamma', endorsement: {} });
    refused(ceremony.files, 'NOT_FOUNDABLE', /^The orderer orderer3 is run by gamma, which is no member/, {
      ...beta!,
      consortium: former,
    });
  });

  it('two files of one member, the same or different', () => {
    const [first] = ceremony.files;
    refused(
      [...ceremony.files, { ...first!, name: 'again.json' }],
      'MEMBER_DOUBLED',
      /again\.json are the same file of alpha/,
    );
    const other = signedBy(alpha!, { ...contentOf(first!), orderer: null });
    refused([...ceremony.files, other], 'MEMBER_DOUBLED', /different files of alpha/);
  });

  it('a file for another description', () => {
    const files = withAlpha((content) => ({ ...content, description: '0'.repeat(64) }));
    refused(files, 'OTHER_DESCRIPTION', /alpha\.json of alpha was made for another description/);
  });

  it('a file of a stranger, and of another consortium', () => {
    const content = contentOf(ceremony.files[0]!);
    const stranger = signedBy(alpha!, { ...content, member: 'mallory' }, 'mallory');
    refused([...ceremony.files, stranger], 'CLAIM_REFUSED', /mallory\.json is of mallory.*no member of scenarios/);
    refused(
      withAlpha((own) => ({ ...own, consortium: 'other' })),
      'CLAIM_REFUSED',
      /in the consortium other/,
    );
  });

  it("a file that claims another member's MSP id or domain, for itself or its orderer", () => {
    const betas = contentOf(ceremony.files[1]!);
    const claims: readonly [Change, RegExp][] = [
      [(own) => ({ ...own, msp: { ...own.msp, id: 'BetaMSP' } }), /of alpha claims the MSP id BetaMSP for the member/],
      [(own) => ({ ...own, msp: { ...own.msp, domain: 'beta.example' } }), /claims the domain beta\.example/],
      [
        (own) => ({ ...own, orderer: { ...own.orderer!, msp: { ...own.orderer!.msp, id: 'BetaOrdererMSP' } } }),
        /claims the MSP id BetaOrdererMSP for its orderer/,
      ],
      [(own) => ({ ...own, orderer: { ...own.orderer!, name: 'orderer2' } }), /claims the orderer orderer2/],
      [(own) => ({ ...own, orderer: null }), /names no orderer, but it runs orderer1/],
      [(own) => ({ ...own, orderer: betas.orderer }), /claims the orderer orderer2/],
    ];
    for (const [change, sentence] of claims) refused(withAlpha(change), 'CLAIM_REFUSED', sentence);
  });

  it('names with path characters, before any path is made of them', () => {
    for (const name of ['../beta', 'a/b', '..', 'a\\b', 'a\u0000b', '.']) {
      const content = contentOf(ceremony.files[0]!);
      const named = { ...signedBy(alpha!, { ...content, member: name }, name), name: 'alpha.json' };
      refused([named, ...others()], 'FILE_INVALID', /^alpha\.json is refused/);
      refused(
        withAlpha((own) => ({ ...own, msp: { ...own.msp, domain: name } })),
        'FILE_INVALID',
        /^alpha\.json/,
      );
      refused(
        withAlpha((own) => ({ ...own, orderer: { ...own.orderer!, name } })),
        'FILE_INVALID',
        /^alpha\.json/,
      );
    }
  });

  it("another member's CA, TLS CA, administrator and orderer's certificates", () => {
    const betas = contentOf(ceremony.files[1]!);
    const swaps: readonly [Change, RegExp][] = [
      [
        (own) => ({ ...own, msp: { ...own.msp, ca: betas.msp.ca } }),
        /the certificate of the CA does not name ca\.alpha\.example/,
      ],
      [(own) => ({ ...own, msp: { ...own.msp, tlsCa: betas.msp.tlsCa } }), /of the TLS CA does not name tlsca\.alpha/],
      [(own) => ({ ...own, msp: { ...own.msp, ca: own.msp.tlsCa } }), /of the CA does not name ca\.alpha/],
      [
        (own) => ({ ...own, orderer: { ...own.orderer!, identity: betas.orderer!.identity } }),
        /orderer's signing key does not name/,
      ],
      [(own) => ({ ...own, orderer: { ...own.orderer!, tls: betas.orderer!.tls } }), /orderer's TLS key does not name/],
      [
        (own) => ({ ...own, orderer: { ...own.orderer!, tls: own.orderer!.identity } }),
        /orderer's TLS key was not issued by its orderer's TLS CA/,
      ],
      [
        (own) => ({ ...own, orderer: { ...own.orderer!, identity: own.orderer!.tls } }),
        /signing key was not issued by the CA beside it/,
      ],
      [
        (own) => ({ ...own, orderer: { ...own.orderer!, msp: { ...own.orderer!.msp, ca: own.msp.ca } } }),
        /orderer's CA does not name/,
      ],
    ];
    for (const [change, sentence] of swaps) refused(withAlpha(change), 'CERTIFICATE_REFUSED', sentence);
    const administrator = signedBy(
      beta!,
      { ...contentOf(ceremony.files[0]!), administrator: betas.administrator },
      'alpha',
    );
    refused([administrator, ...others()], 'CERTIFICATE_REFUSED', /of the administrator does not name Admin@alpha/);
  });

  it('certificates of the right names from a CA of somebody else, or none', async () => {
    const pair = generateKeyPair();
    const fake = await Authority.createRoot(
      { ...base, commonName: 'tlsca.orderer.alpha.example', publicKey: pair.publicKey },
      signerOf(pair.privateKey),
    );
    const name = 'orderer1.orderer.alpha.example';
    const tls = await fake.issueTls({
      ...base,
      commonName: name,
      publicKey: generateKeyPair().publicKey,
      hosts: [name],
    });
    const change: Change = (own) => ({ ...own, orderer: { ...own.orderer!, tls: base64(tls) } });
    refused(withAlpha(change), 'CERTIFICATE_REFUSED', /TLS key was not issued by its orderer's TLS CA/);
    const notCa: Change = (own) => ({
      ...own,
      orderer: { ...own.orderer!, msp: { ...own.orderer!.msp, tlsCa: base64(tls) } },
    });
    refused(withAlpha(notCa), 'CERTIFICATE_REFUSED', /orderer's TLS CA/);
  });

  it("an orderer's TLS certificate that is for another host, and one of the wrong role", async () => {
    const name = 'orderer1.orderer.alpha.example';
    const request = { ...base, commonName: name, publicKey: generateKeyPair().publicKey };
    const tls = await authorityOf(alpha!, 'tlsca', 'orderer').issueTls({ ...request, hosts: ['elsewhere.example'] });
    const elsewhere: Change = (own) => ({ ...own, orderer: { ...own.orderer!, tls: base64(tls) } });
    refused(withAlpha(elsewhere), 'CERTIFICATE_REFUSED', /is not for the host orderer1\.orderer\.alpha\.example/);
    const identity = await authorityOf(alpha!, 'ca', 'orderer').issueIdentity({ ...request, role: 'client' });
    const client: Change = (own) => ({ ...own, orderer: { ...own.orderer!, identity: base64(identity) } });
    refused(withAlpha(client), 'CERTIFICATE_REFUSED', /has the role client, not orderer/);
  });

  it('certificates that are not valid any more', () => {
    const later = new Date(Date.now() + 20 * 365 * 24 * 60 * 60 * 1000);
    refused(
      ceremony.files,
      'CERTIFICATE_REFUSED',
      /alpha\.json of alpha is refused: .* is valid from .* only/,
      beta,
      later,
    );
  });

  it('one key in two places: of two members, or of a member and its orderer', async () => {
    const betas = authorityOf(beta!, 'tlsca');
    const key = readPrivateKey(
      readFileSync(join(memberTree(beta!.directory.cryptoDir, beta!.member).tlsca, 'priv_sk'), 'utf8'),
    );
    assert.notEqual(certificateOf(beta!, 'tlsca'), certificateOf(alpha!, 'tlsca'));
    const shared = await Authority.createRoot(
      { ...base, commonName: 'tlsca.alpha.example', publicKey: key },
      betas.sign,
    );
    const change: Change = (own) => ({ ...own, msp: { ...own.msp, tlsCa: base64(shared.certificate) } });
    refused(
      withAlpha(change),
      'KEY_SHARED',
      /TLS CA of alpha and the TLS CA of beta have the same key: ask alpha and beta/,
    );
    const own = authorityOf(alpha!, 'ca');
    const ownKey = readPrivateKey(
      readFileSync(join(memberTree(alpha!.directory.cryptoDir, alpha!.member).ca, 'priv_sk'), 'utf8'),
    );
    const twice = await Authority.createRoot(
      { ...base, commonName: 'tlsca.orderer.alpha.example', publicKey: ownKey },
      own.sign,
    );
    const name = 'orderer1.orderer.alpha.example';
    const tls = await twice.issueTls({
      ...base,
      commonName: name,
      publicKey: generateKeyPair().publicKey,
      hosts: [name],
    });
    const both: Change = (content) => ({
      ...content,
      orderer: {
        ...content.orderer!,
        tls: base64(tls),
        msp: { ...content.orderer!.msp, tlsCa: base64(twice.certificate) },
      },
    });
    refused(
      withAlpha(both),
      'KEY_SHARED',
      /The CA of alpha and the orderer's TLS CA of alpha have the same key: ask alpha which/,
    );
  });

  it("a whole file in the name of the data directory's own member", async () => {
    const forged = await ceremonyOf(scenarioConsortium(), 'forged');
    rmSync(forged.root, { recursive: true, force: true });
    refused([forged.files[0]!, ...others()], 'NOT_OWN', /^alpha\.json speaks for alpha with other keys/, alpha);
  });
});
