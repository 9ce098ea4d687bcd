import { common } from '@hyperledger/fabric-protos';
import { changeConfig } from '../../admin/changeConfig.js';
import { Signer } from '../../admin/signer.js';
import type { Log } from '../../system/log.js';
import {
  ChannelError,
  defaultPolicyTemplateFile,
  describedConfig,
  partsLeft,
  readChannelMaterial,
  readPolicyTemplate,
  withDescribed,
  type ChannelMaterial,
  type Subject,
} from '../../channel/index.js';
import { loadSigningIdentity, memberTree, ordererTree, type OrganisationTree } from '../../pki/index.js';
import { frameOf, type Channel, type Consortium } from '../../topology/index.js';
import { DeploymentError } from '../../channel/definitions.js';
import type { ChannelLedger } from './ledger/index.js';
import type { Orderer } from './orderer/index.js';

/**
 * Members may change while a network runs; everything else needs a new start.
 * @throws DeploymentError
 */
export function checkReconfigurable(before: Consortium, next: Consortium): void {
  const fixed = (consortium: Consortium): string =>
    JSON.stringify([
      frameOf(consortium),
      consortium.orderers.map(({ port, adminPort }) => [port, adminPort]),
      consortium.chaincodes.map(({ name, version, channels, service }) => [name, version, channels, service]),
    ]);
  if (fixed(before) === fixed(next)) return;
  throw new DeploymentError(
    'Channels, orderers or chaincodes differ from those of the running network: change members and policies alone, or stop it first.',
  );
}

/** The identity with which the ordering service signs configurations: the first orderer of the consortium. */
export function ordererSigner({ orderers }: Consortium, cryptoDir: string): Signer {
  const [first] = orderers;
  if (first === undefined) throw new DeploymentError('The consortium has no orderer: describe one.');
  return new Signer(loadSigningIdentity(ordererTree(cryptoDir, first).node(first.name).msp, first.mspId));
}

interface Change {
  readonly before: Consortium;
  readonly next: Consortium;
  readonly subject: Subject;
  readonly cryptoDir: string;
  /** The certificates for the channels; by default those of the crypto-config tree. */
  readonly material?: ChannelMaterial | undefined;
  readonly ledgers: readonly ChannelLedger[];
  readonly orderer: Orderer;
  readonly log: Log;
}

/** Updates every channel's configuration to the next description of the subject, signed by the channel's administrators. */
export async function changeChannels(change: Change): Promise<void> {
  const { before, next, subject, cryptoDir, ledgers, orderer, log } = change;
  const template = readPolicyTemplate(defaultPolicyTemplateFile());
  const material = change.material ?? readChannelMaterial(next, cryptoDir);
  for (const channel of next.channels) {
    const ledger = ledgers.find(({ channelId }) => channelId === channel.name);
    if (ledger === undefined) continue;
    const described = describedConfig(next, channel, template, material);
    await changeConfig({
      channel: channel.name,
      current: () => Promise.resolve(configOf(ledger)),
      wanted: (current) => withDescribed(current, described, subject),
      admins: administrators(channel, before, cryptoDir),
      submit: async ({ envelope }) => {
        const { status, info } = await orderer.broadcast(envelope);
        if (status !== common.Status.SUCCESS) throw new ChannelError('UPDATE_REFUSED', `The orderer refused: ${info}`);
      },
    });
    const left = partsLeft(channel.name, configOf(ledger), described);
    if (left !== undefined) log('warn', left);
  }
}

function configOf({ access }: ChannelLedger): common.Config {
  return common.Config.deserializeBinary(access.config);
}

/** The administrators of a channel's present members (writers first) and of the orderers. */
function administrators({ name }: Channel, before: Consortium, cryptoDir: string): readonly Signer[] {
  const admin = (tree: OrganisationTree, mspId: string): Signer =>
    new Signer(loadSigningIdentity(tree.user('Admin').msp, mspId));
  const ids = before.channels
    .filter((channel) => channel.name === name)
    .flatMap(({ writers, readers }) => [...writers, ...readers]);
  const members = ids.flatMap((id) => before.organisations.filter((organisation) => organisation.id === id));
  return [
    ...members.map((member) => admin(memberTree(cryptoDir, member), member.mspId)),
    ...before.orderers.map((node) => admin(ordererTree(cryptoDir, node), node.mspId)),
  ];
}
