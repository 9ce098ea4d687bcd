import type { Subject } from '@tracecal/core/model';
import type { Trust } from '@tracecal/gateway-client';
import { exportLog, logFolder } from '@tracecal/gateway-client/application';
import { auditOf } from '@tracecal/gateway-client/audit';
import type { Audited, AuditOptions } from '@tracecal/gateway-client/audit';
import type { LogFiles } from '@tracecal/gateway-client/proof/verify';
import { TX_CODE } from '@tracecal/ledger/wire';
import { Application } from './application.js';
import type { Engine } from './engine.js';
import { eventually } from './eventually.js';
import { presentDates, unsealedCountries } from './hierarchy.js';
import type { Item } from './hierarchy.js';
import { ProvenDevice } from './provenDevice.js';
import { REGISTRY } from './registryNetwork.js';
import { definitionsOutside, peerOf } from './replica/recordedChain.js';
import { temporaryFolder } from './temporaryFolder.js';

const PATIENCE_MS = 30_000;

/** A network with traceable sensors, of which parties have audits made. */
export class AuditWorld {
  readonly proven: ProvenDevice;

  private constructor(proven: ProvenDevice) {
    this.proven = proven;
  }

  static async start(engine?: Engine): Promise<AuditWorld> {
    // No epoch is sealed yet: the first one can be sealed at once, and a later one only after a minute.
    const hierarchy = await unsealedCountries(undefined, presentDates());
    return new AuditWorld(await ProvenDevice.start(engine, undefined, hierarchy));
  }

  /** An audit by a member, over its own peer. */
  async audit(by: string, subject: Subject, more: Omit<AuditOptions, 'subject' | 'from'> = {}): Promise<Audited> {
    const { registry } = this.proven;
    const from = {
      channel: REGISTRY.channel,
      peers: [await peerOf(registry, by)],
      definitions: definitionsOutside(registry.network),
    };
    return auditOf({ subject, from, ...more });
  }

  /** An outsider's trust in the institutes and in the channel. */
  trust(): Promise<Trust> {
    return this.proven.trust();
  }

  /** The change log, as a member publishes it. */
  async log(by = 'nmi-north'): Promise<LogFiles> {
    const folder = temporaryFolder();
    await exportLog(await this.proven.registry.as(by), folder);
    return logFolder(folder);
  }

  /** Two members send one statement at the same moment: both are endorsed, and the ledger refuses the second one. */
  async submitTwice(transaction: string, item: Item): Promise<readonly string[]> {
    const member = new Application(this.proven.registry.network, 'nmi-north');
    try {
      const contract = member.contract(REGISTRY.chaincode, REGISTRY.channel);
      const endorse = () =>
        contract.newProposal(transaction, { arguments: [JSON.stringify({ items: [item] })] }).endorse();
      const [first, second] = [await eventually(endorse, PATIENCE_MS), await eventually(endorse, PATIENCE_MS)];
      for (const each of [first, second]) await (await each.submit()).getStatus();
      return [first.getTransactionId(), second.getTransactionId()];
    } finally {
      member.close();
    }
  }

  /** A laboratory has a function called that registers nothing, and hands it what looks like items. Such a transaction is valid. */
  async submitAside(transaction: string, items: readonly unknown[]): Promise<string> {
    const member = new Application(this.proven.registry.network, 'lab-alpha');
    try {
      const contract = member.contract(REGISTRY.chaincode, REGISTRY.channel);
      const endorse = () => contract.newProposal(transaction, { arguments: [JSON.stringify({ items })] }).endorse();
      const endorsed = await eventually(endorse, PATIENCE_MS);
      const { code } = await (await endorsed.submit()).getStatus();
      if (code !== TX_CODE.VALID) throw new Error(`the transaction is not valid: ${code}`);
      return endorsed.getTransactionId();
    } finally {
      member.close();
    }
  }

  stop(): Promise<void> {
    return this.proven.stop();
  }
}
