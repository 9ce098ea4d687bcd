import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type TraceCal } from '@tracecal/gateway-client';
import { connectionProfileFile } from '@tracecal/network/pki';
import { defaultConsortiumFile, readConsortium, type Channel, type Consortium } from '@tracecal/network/topology';
import { agree, ceremonyOf, descriptionText } from './ceremony.js';
import { CliUser } from './commandLine.js';
import { eventually } from './eventually.js';

export const CALIBRATION = 'calibration';
const PATIENCE_MS = 120_000;

/** The sample's calibration level with these members alone, each on an address of its own, which stands for its machine. */
export function calibrationOf(members: readonly string[], network: string): Consortium {
  const { organisations, orderers, channels, chaincodes, ...rest } = readConsortium(defaultConsortiumFile());
  const hostOf = (id: string): string => `${network}.${members.indexOf(id) + 1}`;
  return {
    ...rest,
    organisations: organisations
      .filter(({ id }) => members.includes(id))
      .map(({ peers, ...each }) => ({ ...each, peers: peers.map((peer) => ({ ...peer, host: hostOf(each.id) })) })),
    orderers: orderers.map((orderer) => ({ ...orderer, host: hostOf(orderer.runBy) })),
    channels: channels
      .filter(({ name }) => name === CALIBRATION)
      .map((channel): Channel => ({ ...channel, writers: members, readers: [] })),
    chaincodes: chaincodes.filter(({ name }) => name === 'registry'),
  };
}

/** Members who each have a data directory of their own, and exchange files. */
export class MemberMachines {
  private constructor(
    readonly root: string,
    readonly founders: readonly string[],
  ) {}

  /** Up to the point where everybody may start its nodes. */
  static async founded(consortium: Consortium, name: string): Promise<MemberMachines> {
    const ceremony = await ceremonyOf(consortium, name);
    agree(ceremony);
    return new MemberMachines(
      ceremony.root,
      consortium.organisations.map(({ id }) => id),
    );
  }

  file(name: string): string {
    return join(this.root, name);
  }

  user(id: string): CliUser {
    return new CliUser(this.file(id));
  }

  /** Writes a changed description. @returns Its file */
  describe(name: string, consortium: Consortium): string {
    const file = this.file(`${name}.yaml`);
    writeFileSync(file, descriptionText(consortium));
    return file;
  }

  descriptionOf(id: string): Consortium {
    return readConsortium(join(this.file(id), 'consortium.yaml'));
  }

  up(id: string): Promise<unknown> {
    return this.user(id).succeed('member', 'up', '--detach', '--founding', this.file('founding.json'));
  }

  async restart(...ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await this.user(id).succeed('member', 'down');
      await this.user(id).succeed('member', 'up', '--detach');
    }
  }

  async areWhole(...ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await eventually(async () => {
        const { code, document } = await this.user(id).run('member', 'status');
        assert.equal(code, 0, JSON.stringify(document));
      }, PATIENCE_MS);
    }
  }

  /** Has a proposal made, signed one after the other, and applied by the last who signs. @returns What was shown of it */
  async propose<T>(channel: string, wanted: readonly string[], signers: readonly string[]): Promise<T> {
    const name = `proposal-${Math.random().toString(36).slice(2)}`;
    const [first = '', ...others] = signers;
    let file = this.file(`${name}.json`);
    const shown = await this.user(first).succeed<T>('proposal', 'create', channel, ...wanted, '-o', file);
    for (const id of [first, ...others]) {
      const signed = this.file(`${name}.${id}.json`);
      await this.user(id).succeed('proposal', 'sign', file, '-o', signed);
      file = signed;
    }
    const { outcome } = await this.user(others.at(-1) ?? first).succeed<{ outcome: string }>('proposal', 'apply', file);
    assert.equal(outcome, 'applied');
    return shown;
  }

  /** Each takes a changed description, as soon as its own peer has the change. */
  async adopt(ids: readonly string[], ...wanted: readonly string[]): Promise<void> {
    for (const id of ids) {
      await eventually(() => this.user(id).succeed('member', 'adopt', ...wanted), PATIENCE_MS);
    }
  }

  connect(id: string): Promise<TraceCal> {
    const { organisations } = this.descriptionOf(id);
    const organisation = organisations.find((each) => each.id === id);
    if (organisation === undefined) throw new Error(`${id} is not a member`);
    const profile = connectionProfileFile(join(this.file(id), 'crypto-config'), organisation);
    return connect({ profile, timeoutMs: 60_000 });
  }

  async as<T>(id: string, act: (member: TraceCal) => Promise<T>): Promise<T> {
    const member = await this.connect(id);
    try {
      return await act(member);
    } finally {
      member.close();
    }
  }

  async remove(...newcomers: readonly string[]): Promise<void> {
    for (const id of [...this.founders, ...newcomers]) await this.user(id).run('member', 'down');
    rmSync(this.root, { recursive: true, force: true });
  }
}
