import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { releasedConfig } from '@tracecal/network/channel';
import { adoptDescription, FabricError } from '@tracecal/network/fabric';
import {
  acceptInvitations,
  assembleFounding,
  foundersOf,
  foundingOf,
  initMember,
  invitationText,
  materialWith,
  MemberError,
  memberFileText,
  newcomersOf,
  partInNext,
  readMemberFile,
  type GivenFile,
  type Newcomers,
  type OwnPart,
} from '@tracecal/network/member';
import { loadIdentityCertificate, ordererTree } from '@tracecal/network/pki';
import { channelsOf, type Consortium } from '@tracecal/network/topology';
import { Config } from '@tracecal/ledger/wire';
import { ceremonyOf, descriptionText, type Ceremony } from '../../support/ceremony.js';
import { scenarioConsortium } from '../../support/scenarioConsortium.js';

describe('A member that is to run a further orderer', () => {
  const next = scenarioConsortium();
  const present: Consortium = { ...next, orderers: next.orderers.filter(({ runBy }) => runBy !== 'delta') };
  const orderer = next.orderers.find(({ runBy }) => runBy === 'delta')!;
  const text = descriptionText(next);
  let ceremony: Ceremony;
  let [alpha, delta]: readonly OwnPart[] = [];
  let given: GivenFile;
  let newcomers: Newcomers;

  before(async () => {
    ceremony = await ceremonyOf(present, 'ordering');
    alpha = ceremony.owns.find(({ member }) => member.id === 'alpha')!;
    delta = ceremony.owns.find(({ member }) => member.id === 'delta')!;
    for (const own of [alpha, delta]) assembleFounding(own, ceremony.files);
    given = { name: 'delta.json', text: memberFileText(await partInNext(delta, text, 'changed.yaml')) };
    newcomers = newcomersOf(present, next, [given]);
  });

  after(() => rmSync(ceremony.root, { recursive: true, force: true }));

  const refusal = (code: string, sentence: RegExp) => (error: unknown) => {
    assert.ok(error instanceof MemberError || error instanceof FabricError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, sentence);
    return true;
  };

  it('makes the keys that it lacks once, and hands out the public part', async () => {
    const tree = ordererTree(delta!.directory.cryptoDir, orderer);
    const certificate = () => loadIdentityCertificate(tree.node(orderer.name).msp);
    const made = certificate();
    await partInNext(delta!, text, 'changed.yaml');
    assert.equal(certificate(), made);
    assert.deepEqual(newcomers.orderers, [orderer]);
    assert.deepEqual(newcomers.members, []);
    assert.equal(materialWith(newcomers, alpha!.directory.cryptoDir).consenters.get(orderer.mspId)?.identity, made);
  });

  it('has to give its file to those who propose it, and nobody else can in its name', async () => {
    assert.throws(() => newcomersOf(present, next, []), refusal('MEMBER_MISSING', /of delta, whose file is missing/));
    const forger = await initMember(join(ceremony.root, 'forger'), text, 'delta');
    const forged = newcomersOf(present, next, [{ name: 'forged.json', text: memberFileText(forger) }]);
    assert.throws(
      () => materialWith(forged, alpha!.directory.cryptoDir),
      refusal('NOT_OWN', /forged\.json speaks for delta with another CA/),
    );
  });

  /** The channels as they are with these orderers. */
  const configOf =
    (consortium: Consortium, material = materialWith(newcomers, alpha!.directory.cryptoDir)) =>
    (name: string): Promise<Config> => {
      const channel = consortium.channels.find((each) => each.name === name)!;
      return Promise.resolve(Config.decode(releasedConfig(consortium, channel, material).serializeBinary()));
    };

  it('is in the description of others as soon as the channels have it, with its own certificates', async () => {
    assert.ok(channelsOf(next, 'alpha').length > 0);
    await assert.rejects(
      adoptDescription(alpha!, { text, newcomers, configOf: configOf(present) }),
      refusal('OTHER_CONSORTIUM', /other members, orderers, policies/),
    );
    const material = materialWith(newcomers, alpha!.directory.cryptoDir);
    const [[other]] = [[...material.consenters.values()]] as const;
    const swapped = { ...material, consenters: new Map([...material.consenters, [orderer.mspId, other!]]) };
    await assert.rejects(
      adoptDescription(alpha!, { text, newcomers, configOf: configOf(next, swapped) }),
      refusal('OTHER_CONSORTIUM', /other certificates for Orderer\/DeltaOrdererMSP/),
    );
    await adoptDescription(alpha!, { text, newcomers, configOf: configOf(next) });
    assert.equal(readFileSync(alpha!.directory.consortiumFile, 'utf8'), text);
    const [here, there] = [alpha!, delta!].map(({ directory }) =>
      loadIdentityCertificate(ordererTree(directory.cryptoDir, orderer).node(orderer.name).msp),
    );
    assert.equal(here, there);
  });

  it('takes no invitation to other channels than those that it has', async () => {
    const others = await ceremonyOf(next, 'ordering-others');
    const { blocks } = foundingOf(foundersOf(next, others.files.map(readMemberFile), new Date()));
    rmSync(others.root, { recursive: true, force: true });
    const invitation = invitationText(blocks.map(({ channel, block }) => ({ channel, blocks: [block] })));
    const own = await partInNext(delta!, text, 'changed.yaml');
    assert.throws(
      () => acceptInvitations(own, [{ name: 'invitation.json', text: invitation }]),
      refusal('NOT_OWN', /other certificates of delta/),
    );
    assert.equal(existsSync(delta!.directory.newestBlock(blocks[0]!.channel)), false);
  });
});
