import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { connect } from 'node:tls';
import { hostOf, memberTree, ordererTree } from '../../../pki/index.js';
import { lockedFile } from '../../../running/control/index.js';
import { lockedFiles, processInWords } from '../../../system/lockedFiles.js';
import { LOOPBACK } from '../../../system/ports.js';
import { listensOn, readConsortium, type Consortium, type NodeLocation } from '../../../topology/index.js';
import { FabricError } from '../errors.js';
import { Layout } from '../places/layout.js';
import { nextPlacement } from '../places/placement.js';

/** How long a node may take to show its certificate. */
const ANSWER_MS = 2000;

/**
 * Requires that nothing has the nodes of a data directory running: neither a service manager nor a container. The caller holds the directory,
 * and has ended what a killed network left behind.
 *
 * Nodes lock the files of their ledgers, which Linux lists. Elsewhere, and in a container, which is not shown the locks of others, the ports
 * of the nodes are asked, too.
 *
 * @param whatThen What the user can do when they have ended: "make the backup then"
 * @throws FabricError `NODES_RUN`
 */
export async function requireNoOthersNodes(dataDir: string, whatThen: string): Promise<void> {
  const layout = new Layout(resolve(dataDir));
  const { locked, isComplete } = lockedFiles(layout.ledgers, lockedFile(layout.root));
  const [first] = locked;
  if (first !== undefined) {
    const [, name = ''] = relative(layout.root, first.file).split(sep);
    throw nodesRun(layout, name, `process ${first.pid} (${processInWords(first.pid)}) has its files open`, whatThen);
  }
  if (isComplete) return;
  for (const node of await certifiedNodes(layout)) {
    if (!(await showsCertificate(node))) continue;
    throw nodesRun(layout, node.name, `it answers on ${node.host}:${node.port}`, whatThen);
  }
}

function nodesRun({ root }: Layout, name: string, how: string, whatThen: string): FabricError {
  return new FabricError(
    'NODES_RUN',
    `${name} of ${root} runs: ${how}. Stop the units or containers of this directory where they were started (\`systemctl stop\`, \`docker compose down\`), and ${whatThen}.`,
  );
}

interface CertifiedNode {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly certificateFile: string;
}

/** The nodes that have a certificate in a data directory, and where they listen. */
async function certifiedNodes(layout: Layout): Promise<readonly CertifiedNode[]> {
  const description = join(layout.root, 'consortium.yaml');
  if (!existsSync(description)) return [];
  const { consortium } = await nextPlacement(layout, readConsortium(description));
  return nodesIn(layout, consortium).filter(({ certificateFile }) => existsSync(certificateFile));
}

function nodesIn({ cryptoDir }: Layout, { organisations, orderers }: Consortium): readonly CertifiedNode[] {
  const certificateIn = ({ tls }: { readonly tls: string }): string => join(tls, 'server.crt');
  return [
    ...orderers.map((orderer) => ({
      name: hostOf(orderer, orderer),
      host: reachedFromHere(orderer),
      port: orderer.listenPort ?? orderer.port,
      certificateFile: certificateIn(ordererTree(cryptoDir, orderer).node(orderer.name)),
    })),
    ...organisations.flatMap((organisation) =>
      organisation.peers.map((peer) => ({
        name: hostOf(peer, organisation),
        host: reachedFromHere(peer),
        port: peer.port,
        certificateFile: certificateIn(memberTree(cryptoDir, organisation).node(peer.name)),
      })),
    ),
  ];
}

/** What listens on all addresses is reached on loopback. */
function reachedFromHere(node: NodeLocation): string {
  const address = listensOn(node);
  return address === '0.0.0.0' ? LOOPBACK : address;
}

/** Whether somebody answers with the certificate of the node: another program on its port does not matter here. */
function showsCertificate({ host, port, certificateFile }: CertifiedNode): Promise<boolean> {
  const expected = new X509Certificate(readFileSync(certificateFile)).raw;
  return new Promise((done) => {
    // Nothing is sent: only the certificate is looked at, byte for byte.
    const socket = connect({ host, port, rejectUnauthorized: false, timeout: ANSWER_MS }, () => {
      settle(socket.getPeerX509Certificate()?.raw.equals(expected) === true);
    });
    const settle = (answer: boolean): void => {
      socket.destroy();
      done(answer);
    };
    socket.once('error', () => {
      settle(false);
    });
    socket.once('timeout', () => {
      settle(false);
    });
  });
}
