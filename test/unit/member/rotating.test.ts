import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { common } from '@hyperledger/fabric-protos';
import { Signer } from '@tracecal/network/admin';
import { materialIn, releasedConfig } from '@tracecal/network/channel';
import { adoptDescription } from '@tracecal/network/fabric';
import {
  assembleFounding,
  beginRotation,
  materialWith,
  MemberError,
  newcomersOf,
  renewOwnPart,
  retireAuthority,
  type OwnPart,
} from '@tracecal/network/member';
import { loadIdentityCertificate, loadMsp, loadSigningIdentity, loadTls, memberTree } from '@tracecal/network/pki';
import { changeWords, createAuthorities, hasEnough, needsOf, signProposal } from '@tracecal/network/proposal';
import { Config } from '@tracecal/ledger/wire';
import { ceremonyOf, descriptionText, type Ceremony } from '../../support/ceremony.js';
import { scenarioConsortium, SHARED } from '../../support/scenarioConsortium.js';

describe('A member that replaces its CA', () => {
  const consortium = scenarioConsortium();
  const nobody = newcomersOf(consortium, consortium, []);

  for (const kind of ['identity', 'tls'] as const) {
    describe(`of ${kind === 'tls' ? 'TLS certificates' : 'identities'}`, () => {
      let ceremony: Ceremony;
      let [alpha, beta]: readonly OwnPart[] = [];
      let config: Config;

      before(async () => {
        ceremony = await ceremonyOf(consortium, 'rotating');
        [alpha, beta] = ceremony.owns;
        for (const own of [alpha!, beta!]) assembleFounding(own, ceremony.files);
        const channel = consortium.channels.find(({ name }) => name === SHARED)!;
        const material = materialWith(nobody, alpha!.directory.cryptoDir);
        config = Config.decode(releasedConfig(consortium, channel, material).serializeBinary());
      });

      after(() => rmSync(ceremony.root, { recursive: true, force: true }));

      const tree = () => memberTree(alpha!.directory.cryptoDir, alpha!.member);
      const ownMsp = () => loadMsp(tree().msp, alpha!.member.mspId);
      const configOf = () => Promise.resolve(config);
      const rootsIn = (current: Config): readonly string[] => {
        const read = common.Config.deserializeBinary(Config.encode(current));
        const { rootCerts, tlsRootCerts } = materialIn(read).msps.get(alpha!.member.mspId)!;
        return kind === 'identity' ? rootCerts : tlsRootCerts;
      };
      const rootFile = () => readFileSync(kind === 'identity' ? tree().caCertificate : tree().tlsCaCertificate, 'utf8');
      const issuedBy = (ca: string): boolean => {
        const { msp, tls } = tree().node('peer0');
        const certificate = kind === 'identity' ? loadIdentityCertificate(msp) : loadTls(tls).certificate;
        return new X509Certificate(certificate).verify(new X509Certificate(ca).publicKey);
      };

      /** The channel gets alpha's CAs as they are in its files now, by its own signature. */
      async function propose(): Promise<void> {
        const proposal = createAuthorities(SHARED, config, ownMsp());
        assert.deepEqual(
          changeWords(proposal.effect.changes).map(({ where, isFull }) => [where, isFull]),
          [[`/Channel/Application/${alpha!.member.mspId}/MSP`, true]],
        );
        const identity = loadSigningIdentity(tree().user('Admin').msp, alpha!.member.mspId);
        const signed = await signProposal(proposal, config, [new Signer(identity)]);
        assert.equal(hasEnough(needsOf(signed)), true);
        config = { ...signed.effect.next };
      }

      const refused = (code: string, sentence: RegExp) => (error: unknown) => {
        assert.ok(error instanceof MemberError, String(error));
        assert.equal(error.code, code);
        assert.match(error.message, sentence);
        return true;
      };

      it('does nothing else before the new one is there, and in its channels', async () => {
        await assert.rejects(renewOwnPart(alpha!, [kind], configOf), refused('NO_ROTATION', /member rotate begin/));
        const old = rootFile();
        await beginRotation(alpha!, [kind]);
        const made = rootFile();
        assert.notEqual(made, old);
        await beginRotation(alpha!, [kind]);
        assert.equal(rootFile(), made, 'may be repeated');
        await assert.rejects(
          renewOwnPart(alpha!, [kind], configOf),
          refused('NOT_IN_CHANNELS', new RegExp(`of alpha is not in ${SHARED}: propose it`)),
        );
        assert.throws(() => retireAuthority(alpha!, [kind]), refused('NO_ROTATION', /begin and renew first/));
        assert.equal(issuedBy(made), false);
      });

      it('has both in its channels by its own signature, and then certificates of the new one', async () => {
        await propose();
        assert.equal(rootsIn(config).length, 2);
        await renewOwnPart(alpha!, [kind], configOf);
        assert.equal(issuedBy(rootFile()), true);
        await renewOwnPart(alpha!, [kind], configOf);
      });

      it('is known by both to those who take the description meanwhile, and by the new one afterwards', async () => {
        const text = descriptionText(consortium);
        const known = () => {
          const theirs = memberTree(beta!.directory.cryptoDir, alpha!.member);
          const { rootCerts, tlsRootCerts } = loadMsp(theirs.msp, alpha!.member.mspId);
          return [...(kind === 'identity' ? rootCerts : tlsRootCerts)].sort();
        };
        const adopt = () => adoptDescription(beta!, { text, newcomers: nobody, configOf });
        await adopt();
        assert.deepEqual(known(), [...rootsIn(config)].sort());
        retireAuthority(alpha!, [kind]);
        await propose();
        assert.deepEqual(rootsIn(config), [rootFile()]);
        await adopt();
        assert.deepEqual(known(), [rootFile()]);
        assert.throws(() => createAuthorities(SHARED, config, ownMsp()), /nothing to propose/);
      });
    });
  }
});
