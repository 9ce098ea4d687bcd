import { createHash } from 'node:crypto';
import { basename, join, relative, sep } from 'node:path';
import { LOOPBACK } from '../../system/ports.js';
import { hostOf } from '../../pki/index.js';
import { Layout } from '../common/places/layout.js';
import type { NodeEnvironment } from '../common/places/nodeEnvironment.js';

/** Paths of the docker engine's files in its data directory. */
export class DockerLayout extends Layout {
  override get placement(): string {
    return join(this.root, 'docker.json');
  }

  get composeFile(): string {
    return join(this.root, 'compose.yaml');
  }

  get containerLog(): string {
    return join(this.logDir, 'containers.log');
  }

  get imagesDir(): string {
    return join(this.root, 'images');
  }

  /** The build context of a chaincode package with its present code; several chaincodes may share it. */
  imageDir(packageSpecifier: string, codeDigest: string): string {
    const digest = shortDigest(`${packageSpecifier}\0${codeDigest}`);
    return join(this.imagesDir, `${basename(packageSpecifier)}-${digest}`);
  }

  override get everything(): readonly string[] {
    return [...super.everything, this.composeFile, this.imagesDir];
  }

  /** The Compose project, which separates the containers of this data directory from others. */
  get project(): string {
    const name = basename(this.root)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '');
    return `tracecal-${name}-${shortDigest(this.root)}`;
  }

  /** A path of the data directory in the compose file: relative, so that the directory can be moved. */
  mounted(path: string): string {
    return `./${relative(this.root, path).split(sep).join('/')}`;
  }
}

function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** The data directory as containers see it: each node sees only the paths that it needs. */
class ContainerLayout extends Layout {
  /** The builder that comes with the official peer image. */
  override get builderDir(): string {
    return '/opt/hyperledger/ccaas_builder';
  }
}

/** The network of Compose resolves the full name of every node. */
export const IN_CONTAINER: NodeEnvironment = {
  layout: new ContainerLayout('/tracecal'),
  listenOn: () => '0.0.0.0',
  adminOn: '0.0.0.0',
  // The other containers connect directly.
  listenPortOf: ({ port }) => port,
  hostOf: (node) => hostOf(node, node),
  // On the container's own loopback, for its health check: other nodes cannot reach it.
  operations: () => ({ address: `${LOOPBACK}:9443`, isPrivate: true }),
};
