import { common, msp } from '@hyperledger/fabric-protos';
import { derChildren, readDer, TAG } from '@tracecal/core/signing/der';
import { nextConfig, verifyBlock, type TrustedConfig } from '@tracecal/ledger/block';
import { sameConfig } from '@tracecal/ledger/config';
import { Config, ConfigEnvelope, type ConfigGroup } from '@tracecal/ledger/wire';
import { Authority, signerOf } from '@tracecal/pki';
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { field } from '../../support/protobufField.js';
import {
  consentersOf,
  OrderedChannel,
  ordererValue,
  setConsenters,
  type BlockOptions,
  type UpdateOptions,
} from './orderedChannel.js';
import { TestOrganisation, type Person } from './testChannel.js';

type Change = (channel: common.ConfigGroup) => void;

describe('The configuration after another', () => {
  let channel: OrderedChannel;
  let genesis: common.Block;
  let trusted: TrustedConfig;
  let impostor: TestOrganisation;

  before(async () => {
    channel = await OrderedChannel.make();
    genesis = channel.genesis();
    trusted = channel.trusted(genesis);
    impostor = await TestOrganisation.make('MemberMSP');
  });

  const longer: Change = (group) => {
    const timeout = ordererValue(group, 'BatchTimeout');
    timeout.setValue(Buffer.from([0x0a, 2, ...Buffer.from('7s')]));
  };
  /** What an attacker wants: whoever it certifies is the member from now on. */
  const taken: Change = (group) => {
    changeMsp(group, (fabric) => {
      fabric.setRootCertsList([Buffer.from(impostor.ca.certificate)]);
    });
  };
  const blockOf = (envelopes: readonly Uint8Array[], options: BlockOptions = {}): Uint8Array =>
    channel.block(envelopes, { number: 5, lastConfig: 5, ...options }).serializeBinary();
  const next = async (change: Change, update: UpdateOptions = {}, options: BlockOptions = {}): Promise<Uint8Array> =>
    blockOf([await channel.reconfigured(genesis, change, update)], options);
  const forged = async (forge: (envelope: common.ConfigEnvelope) => void, change = longer): Promise<Uint8Array> =>
    next(change, { forge });
  const refused = (block: Uint8Array, code: string): void => {
    assert.throws(() => nextConfig(block, trusted), { name: 'BlockError', code });
  };

  it('is signed by the orderers of the one before, and names itself as the last', async () => {
    const followed = nextConfig(await next(longer), trusted);
    assert.deepEqual([followed.number, followed.sequence], [5, 1]);
    const block = channel.block([channel.envelope('one')], { number: 6, lastConfig: 5 });
    verifyBlock(block.serializeBinary(), followed);
    refused(await next(longer, {}, { lastConfig: 0 }), 'WRONG_CONFIG');
  });

  it('is the next one: none is skipped, none is repeated', async () => {
    for (const sequence of [0, 2]) {
      refused(await forged((envelope) => envelope.getConfig()!.setSequence(sequence)), 'WRONG_CONFIG');
    }
    const later = nextConfig(await next(longer), trusted);
    const early = await next(longer, {}, { number: 4, lastConfig: 4 });
    assert.throws(() => nextConfig(early, later), {
      code: 'WRONG_CONFIG',
      message: 'Block 4 does not come after block 5, whose configuration is trusted.',
    });
  });

  it('is not one that only its own new orderers signed', async () => {
    const others = await OrderedChannel.make();
    const replaced = (group: common.ConfigGroup): void => {
      const consenters = consentersOf(group);
      consenters.getConsenterMappingList().forEach((consenter, index) => {
        consenter.setIdentity(Buffer.from(others.orderers[index]!.node.certificate));
      });
      setConsenters(group, consenters, 3);
    };
    refused(await next(replaced, {}, { signers: others.orderers }), 'NO_QUORUM');
  });

  it('has a mod policy where the one before had none, as with Fabric', async () => {
    const start = channel.genesis((group) => {
      ordererValue(group, 'BatchSize').setModPolicy('');
      memberOf(group).getPoliciesMap().get('Readers')!.setModPolicy('');
      group.getGroupsMap().get('Orderer')!.setModPolicy('');
    });
    const before = channel.trusted(start);
    const block = blockOf([await channel.reconfigured(start, longer)]);
    const { channelGroup } = Config.decode(nextConfig(block, before).config);
    const orderers = channelGroup!.groups.get('Orderer')!;
    const readers = channelGroup!.groups.get('Application')!.groups.get('MemberMSP')!.policies.get('Readers');
    assert.deepEqual(
      [orderers, orderers.values.get('BatchSize'), readers].map((element) => element?.modPolicy),
      ['Admins', 'Admins', 'Admins'],
    );
  });

  it('has no mod policy that is no path of names', async () => {
    for (const policy of ['', '/', '..', '../Admins', 'Application/./Admins', 'Ädmins', 'A'.repeat(250)]) {
      await assert.rejects(
        channel.reconfigured(genesis, (group) => memberOf(group).setModPolicy(policy)),
        { name: 'ConfigError', code: 'BAD_UPDATE' },
        policy,
      );
    }
  });

  it('stands alone in its block', async () => {
    refused(blockOf([await channel.reconfigured(genesis, longer), channel.envelope('one')]), 'WRONG_DATA');
  });

  it('says the same in whichever order it lists things: Fabric writes them in any', async () => {
    const block = await next(longer);
    const { config } = nextConfig(block, trusted);
    const reversed = Config.encode(inReverse(Config.decode(config)));
    assert.notDeepEqual(Buffer.from(reversed), Buffer.from(config));
    const [envelope] = channelEnvelopes(block);
    const followed = nextConfig(blockOf([withConfig(channel, envelope!, reversed)]), trusted);
    assert.deepEqual(Buffer.from(followed.config), Buffer.from(reversed));
  });

  describe('that a quorum of the orderers brings by itself', () => {
    it('is refused without any update', async () => {
      refused(await forged((envelope) => envelope.clearLastUpdate(), taken), 'WRONG_CONFIG');
      const empty = new common.Envelope();
      empty.setPayload(Buffer.from('no update'));
      refused(await forged((envelope) => envelope.setLastUpdate(empty), taken), 'WRONG_CONFIG');
    });

    it('is refused where no administrator signed, or only people who may not', async () => {
      const others: readonly Person[][] = [
        [],
        [channel.client],
        channel.orderers.map(({ node }) => node),
        await Promise.all(channel.orderers.map(({ organisation }) => organisation.person('admin'))),
        [await impostor.person('admin')],
      ];
      for (const signers of others) refused(await next(taken, { signers }), 'UNSIGNED_CONFIG');
      nextConfig(await next(taken), trusted);
    });

    it('is refused where the administrator signed something else', async () => {
      const agreed = await channel.reconfigured(genesis, longer);
      const signatures = updateOf(configEnvelopeOf(agreed)).getSignaturesList();
      const stolen = await forged((envelope) => {
        changeUpdate(envelope, (update) => update.setSignaturesList(signatures));
      }, taken);
      refused(stolen, 'UNSIGNED_CONFIG');
    });

    it('is refused with more than the update says, or less, or something else', async () => {
      const within = (change: Change) => (envelope: common.ConfigEnvelope) => {
        change(envelope.getConfig()!.getChannelGroup()!);
      };
      refused(await forged(within(taken)), 'WRONG_CONFIG');
      refused(
        await forged(
          within((group) => {
            memberOf(group).getPoliciesMap().del('Admins');
          }),
        ),
        'WRONG_CONFIG',
      );
      refused(
        await forged(
          within((group) => {
            group.setModPolicy('/Channel/Orderer/Writers');
          }),
        ),
        'WRONG_CONFIG',
      );
      const before = common.Config.deserializeBinary(trusted.config);
      refused(
        await forged((envelope) => {
          before.setSequence(1);
          envelope.setConfig(before);
        }),
        'WRONG_CONFIG',
      );
    });

    it('is refused with an update that was applied before', async () => {
      const first = await channel.reconfigured(genesis, longer);
      const now = nextConfig(blockOf([first]), trusted);
      const again = await forged((envelope) => {
        const config = common.Config.deserializeBinary(now.config);
        config.setSequence(2);
        envelope.setConfig(config);
      });
      const block = channel.block(channelEnvelopes(again), { number: 8, lastConfig: 8 }).serializeBinary();
      assert.throws(() => nextConfig(block, now), { name: 'BlockError', code: 'WRONG_CONFIG' });
    });

    it('is refused with an update for another channel', async () => {
      const elsewhere = await forged((envelope) => {
        changeUpdate(envelope, (update) => {
          const content = common.ConfigUpdate.deserializeBinary(update.getConfigUpdate_asU8());
          content.setChannelId('measurement-a');
          update.setConfigUpdate(content.serializeBinary());
        });
      });
      refused(elsewhere, 'WRONG_CONFIG');
    });

    it('is refused if its signed bytes were divided differently, or repeat a part', async () => {
      const divided = (by: number) => (update: common.ConfigUpdateEnvelope) => {
        const [signature] = update.getSignaturesList();
        const header = signature!.getSignatureHeader_asU8();
        const whole = Buffer.concat([header, update.getConfigUpdate_asU8()]);
        signature!.setSignatureHeader(whole.subarray(0, header.length + by));
        update.setConfigUpdate(whole.subarray(header.length + by));
      };
      for (const by of [-26, -1, 1, 2]) {
        refused(
          await forged((envelope) => {
            changeUpdate(envelope, divided(by));
          }),
          'WRONG_CONFIG',
        );
      }
      const twice = await forged((envelope) => {
        changeUpdate(envelope, (update) => {
          update.setConfigUpdate(Buffer.concat([update.getConfigUpdate_asU8(), Buffer.from([0x0a, 1, 0x78])]));
        });
      });
      refused(twice, 'WRONG_CONFIG');
    });

    it('needs no other signatures where an organisation lists its root twice', async () => {
      const start = channel.genesis((group) => {
        changeMsp(group, (fabric) => {
          const [root] = fabric.getRootCertsList_asU8();
          fabric.setRootCertsList([root!, root!]);
        });
      });
      const block = blockOf([await channel.reconfigured(start, longer)]);
      assert.equal(nextConfig(block, channel.trusted(start)).sequence, 1);
    });

    it('is refused at its own block with a policy that cannot be read', async () => {
      const unreadable: Change = (group) => {
        const policy = memberOf(group).getPoliciesMap().get('Readers')!.getPolicy()!;
        policy.setType(common.Policy.PolicyType.SIGNATURE);
        policy.setValue(Buffer.from('garbage'));
      };
      refused(await next(unreadable), 'WRONG_CONFIG');
    });

    it('is followed in every form that Fabric takes: one member could stop all who are stricter', async () => {
      const deep: Change = (group) => {
        let rule = new common.SignaturePolicy();
        rule.setSignedBy(0);
        for (let depth = 0; depth < 200; depth++) {
          const nOutOf = new common.SignaturePolicy.NOutOf();
          nOutOf.setN(1);
          nOutOf.setRulesList([rule]);
          rule = new common.SignaturePolicy();
          rule.setNOutOf(nOutOf);
        }
        const policy = memberOf(group).getPoliciesMap().get('Readers')!.getPolicy()!;
        const role = new msp.MSPRole();
        role.setMspIdentifier('MemberMSP');
        const principal = new msp.MSPPrincipal();
        principal.setPrincipal(role.serializeBinary());
        const envelope = new common.SignaturePolicyEnvelope();
        envelope.setRule(rule);
        envelope.setIdentitiesList([principal]);
        policy.setType(common.Policy.PolicyType.SIGNATURE);
        policy.setValue(envelope.serializeBinary());
      };
      assert.equal(nextConfig(await next(deep), trusted).sequence, 1);
      const others = await Promise.all(Array.from({ length: 101 }, () => TestOrganisation.make('MemberMSP')));
      const manyRoots: Change = (group) => {
        changeMsp(group, (fabric) => {
          others.forEach(({ ca }) => fabric.addRootCerts(Buffer.from(ca.certificate)));
        });
      };
      assert.equal(nextConfig(await next(manyRoots), trusted).sequence, 1);
    });

    it('is followed by an update in every form of headers that Fabric reads', async () => {
      const more = (bytes: Uint8Array) => Buffer.concat([bytes, field(99, 'more')]);
      const forms: readonly (readonly [how: string, form: (header: Uint8Array) => Uint8Array])[] = [
        ['with a field that nobody knows', more],
        ['that comes twice', (header) => Buffer.concat([header, header])],
        [
          'without a signature header',
          (header) => field(1, common.Header.deserializeBinary(header).getChannelHeader_asU8()),
        ],
        ['whose type has more bits than Fabric reads', (header) => inChannelHeader(header, WIDE_TYPE)],
        ['of another version, time and epoch', (header) => inChannelHeader(header, OTHER_TIMES)],
      ];
      for (const [how, form] of forms) {
        const block = await forged((envelope) => {
          changeSent(envelope, (payload) =>
            Buffer.concat([
              field(1, form(payload.getHeader()!.serializeBinary())),
              field(2, more(payload.getData_asU8())),
              field(99, 'more'),
            ]),
          );
        });
        assert.equal(nextConfig(block, trusted).sequence, 1, how);
      }
      const ofAnotherType = await forged((envelope) => {
        changeSent(envelope, (payload) => {
          const header = inChannelHeader(payload.getHeader()!.serializeBinary(), field(1, common.HeaderType.CONFIG));
          return Buffer.concat([field(1, header), field(2, payload.getData_asU8())]);
        });
      });
      refused(ofAnotherType, 'WRONG_CONFIG');
    });

    it('leaves out what an update writes and no group lists, also 4,900 groups deep', async () => {
      for (const depth of [1, 3, 20, 4900]) {
        const block = await next(longer, { extended: (update) => Buffer.concat([update, orphan(depth)]) });
        const { channelGroup } = Config.decode(nextConfig(block, trusted).config);
        assert.deepEqual([...channelGroup!.groups.get('Application')!.groups.keys()], ['MemberMSP'], `${depth}`);
      }
    });

    it('leaves out what nobody lists where the update says nothing else, and nobody signed it', async () => {
      const only = Buffer.concat([field(1, trusted.channelId), orphan(2)]);
      const block = await next(longer, { signers: [], extended: () => only });
      const followed = nextConfig(block, trusted);
      assert.equal(followed.sequence, 1);
      const before = Config.decode(trusted.config);
      assert.ok(sameConfig(Config.decode(followed.config), { ...before, sequence: 1 }));
    });

    it('is refused by an update with groups deeper than Fabric reads, or with one of them that is not new', async () => {
      const wrong = [orphan(5100), orphan(20, field(1, 1)), orphan(20, field(5, '..'))];
      for (const part of wrong) {
        await assert.rejects(next(longer, { extended: (update) => Buffer.concat([update, part]) }), {
          name: 'ConfigError',
          code: 'BAD_UPDATE',
        });
      }
    });

    it('is followed with 2,001 CAs of one member, whose people count as before', async () => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const validity = { notBefore: new Date(Date.now() - 86_400_000), notAfter: new Date(Date.now() + 86_400_000) };
      const cas = await Promise.all(
        Array.from({ length: 2001 }, (_, i) => {
          const name = { commonName: `ca-${i}.MemberMSP`, organisation: 'MemberMSP', country: 'ZZ' };
          return Authority.createRoot({ ...name, publicKey, validity }, signerOf(privateKey));
        }),
      );
      const many: Change = (group) => {
        changeMsp(group, (fabric) => {
          cas.forEach(({ certificate }) => fabric.addRootCerts(Buffer.from(certificate)));
        });
      };
      const first = await next(many);
      const followed = nextConfig(first, trusted);
      const more = await channel.reconfigured(common.Block.deserializeBinary(first), longer);
      const second = channel.block([more], { number: 6, lastConfig: 6 });
      assert.equal(nextConfig(second.serializeBinary(), followed).sequence, 2);
    });

    it('is followed with a revocation list of version 1, with which a member vouches for nobody', async () => {
      const list = await impostor.ca.revocationList({
        revoked: [],
        thisUpdate: new Date(),
        nextUpdate: new Date(Date.now() + 86_400_000),
        number: 1,
      });
      const listed: Change = (group) => {
        changeMsp(group, (fabric) => {
          fabric.addRevocationList(versionOne(list));
        });
      };
      const first = await next(listed);
      const followed = nextConfig(first, trusted);
      assert.equal(followed.sequence, 1);
      const more = await channel.reconfigured(common.Block.deserializeBinary(first), longer);
      const second = channel.block([more], { number: 6, lastConfig: 6 });
      assert.throws(() => nextConfig(second.serializeBinary(), followed), { code: 'UNSIGNED_CONFIG' });
    });

    it('is refused with a part that nobody can compare', async () => {
      const [envelope] = channelEnvelopes(await next(longer));
      const { config } = nextConfig(blockOf([envelope!]), trusted);
      const unknown = Buffer.concat([config, Buffer.from([0x7a, 1, 0])]);
      refused(blockOf([withConfig(channel, envelope!, unknown)]), 'WRONG_CONFIG');
    });
  });
});

/** A list without version and extensions. Its signature no longer fits, which Fabric asks only of lists that say whose they are. */
function versionOne(pem: string): Uint8Array {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const [tbs, algorithm, signature] = derChildren(readDer(der, TAG.sequence));
  const kept = derChildren(tbs!).filter(({ tag }, place) => tag !== 0xa0 && !(place === 0 && tag === TAG.integer));
  return sequence(sequence(...kept.map(({ raw }) => raw)), algorithm!.raw, signature!.raw);
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const { length } = content;
  assert.ok(length < 0x100);
  return Buffer.concat([Buffer.from([0x30, ...(length < 0x80 ? [] : [0x81]), length]), content]);
}

/** Changes what the member's MSP says. */
function changeMsp(channel: common.ConfigGroup, change: (fabric: msp.FabricMSPConfig) => void): void {
  const value = memberOf(channel).getValuesMap().get('MSP')!;
  const config = msp.MSPConfig.deserializeBinary(value.getValue_asU8());
  const fabric = msp.FabricMSPConfig.deserializeBinary(config.getConfig_asU8());
  change(fabric);
  config.setConfig(fabric.serializeBinary());
  value.setValue(config.serializeBinary());
}

function memberOf(channel: common.ConfigGroup): common.ConfigGroup {
  return channel.getGroupsMap().get('Application')!.getGroupsMap().get('MemberMSP')!;
}

function channelEnvelopes(block: Uint8Array): Uint8Array[] {
  return common.Block.deserializeBinary(block).getData()!.getDataList_asU8();
}

function configEnvelopeOf(envelope: Uint8Array): common.ConfigEnvelope {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  return common.ConfigEnvelope.deserializeBinary(payload.getData_asU8());
}

function updateOf(envelope: common.ConfigEnvelope): common.ConfigUpdateEnvelope {
  const payload = common.Payload.deserializeBinary(envelope.getLastUpdate()!.getPayload_asU8());
  return common.ConfigUpdateEnvelope.deserializeBinary(payload.getData_asU8());
}

function changeUpdate(envelope: common.ConfigEnvelope, change: (update: common.ConfigUpdateEnvelope) => void): void {
  const sent = envelope.getLastUpdate()!;
  const payload = common.Payload.deserializeBinary(sent.getPayload_asU8());
  const update = updateOf(envelope);
  change(update);
  payload.setData(update.serializeBinary());
  sent.setPayload(payload.serializeBinary());
}

/** The envelope of a configuration with another one's bytes in it. */
function withConfig(channel: OrderedChannel, envelope: Uint8Array, config: Uint8Array): Uint8Array {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  const { lastUpdate } = ConfigEnvelope.decode(payload.getData_asU8());
  payload.setData(ConfigEnvelope.encode({ config, lastUpdate }));
  return channel.signed(payload);
}

/** Changes the payload that the update came in. */
function changeSent(envelope: common.ConfigEnvelope, change: (payload: common.Payload) => Uint8Array): void {
  const sent = envelope.getLastUpdate()!;
  sent.setPayload(change(common.Payload.deserializeBinary(sent.getPayload_asU8())));
}

/** CONFIG_UPDATE, and a bit beyond those of an int32. */
const WIDE_TYPE = Buffer.from([0x08, 0x82, 0x80, 0x80, 0x80, 0x10]);
const OTHER_TIMES = Buffer.concat([field(2, 77), field(3, field(1, 5)), field(6, 99), field(7, 'any')]);

function inChannelHeader(header: Uint8Array, added: Uint8Array): Uint8Array {
  const channelHeader = common.Header.deserializeBinary(header).getChannelHeader_asU8();
  return field(1, Buffer.concat([channelHeader, added]));
}

/** Of an update: that it read the application group, and writes below it groups within one another that the group does not list. */
function orphan(depth: number, innermost: Uint8Array = Buffer.alloc(0)): Uint8Array {
  let group = Buffer.concat([field(5, 'Admins'), innermost]);
  for (let level = 1; level < depth; level++) group = Buffer.concat([entry('o', group), field(5, 'Admins')]);
  return Buffer.concat([
    field(2, entry('Application', Buffer.alloc(0))),
    field(3, entry('Application', entry('orphan', group))),
  ]);
}

/** A group's entry for a group below it. */
function entry(name: string, group: Uint8Array): Buffer {
  return field(2, Buffer.concat([field(1, name), field(2, group)]));
}

function inReverse({ sequence, channelGroup }: Config): Config {
  return { sequence, channelGroup: channelGroup && reversed(channelGroup) };
}

function reversed(group: ConfigGroup): ConfigGroup {
  const turned = <T>(entries: ReadonlyMap<string, T>) => new Map([...entries].reverse());
  const groups = new Map([...turned(group.groups)].map(([name, below]) => [name, reversed(below)]));
  return { ...group, groups, values: turned(group.values), policies: turned(group.policies) };
}
